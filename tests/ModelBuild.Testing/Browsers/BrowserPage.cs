using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace ModelBuild.Testing.Browsers;

/// <summary>A page in a browser.</summary>
public sealed class BrowserPage
{
    private readonly DevTools _tools;
    private readonly string _session;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrowserPage(DevTools tools, string session)
    {
        (_tools, _session) = (tools, session);
        tools.Received += OnReceived;
    }

    /// <summary>The errors of scripts, and the messages of the console.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The addresses of all requests, without those of data in the page.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    internal static async Task<BrowserPage> OpenAsync(DevTools tools, Uri address, int width, CancellationToken cancellationToken)
    {
        var target = (await tools.CallAsync("Target.createTarget", new { url = "about:blank" }, null, cancellationToken))["targetId"]!.GetValue<string>();
        var attached = await tools.CallAsync("Target.attachToTarget", new { targetId = target, flatten = true }, null, cancellationToken);
        var page = new BrowserPage(tools, attached["sessionId"]!.GetValue<string>());
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
            await page.CallAsync($"{domain}.enable", new { }, cancellationToken);
        await page.CallAsync(
            "Emulation.setDeviceMetricsOverride",
            new
            {
                width,
                height = 900,
                deviceScaleFactor = 1,
                mobile = false,
            },
            cancellationToken
        );
        await page.CallAsync("Page.navigate", new { url = address.AbsoluteUri }, cancellationToken);
        await page._loaded.Task.WaitAsync(cancellationToken);
        return page;
    }

    /// <summary>Returns the value of an expression in JavaScript.</summary>
    public async Task<T> EvaluateAsync<T>(string expression, CancellationToken cancellationToken)
    {
        var result = await CallAsync("Runtime.evaluate", new { expression, returnByValue = true }, cancellationToken);
        return result["exceptionDetails"] is { } fault ? throw new InvalidOperationException($"{fault}") : result["result"]!["value"]!.GetValue<T>();
    }

    private Task<JsonNode> CallAsync(string method, object parameters, CancellationToken cancellationToken) =>
        _tools.CallAsync(method, parameters, _session, cancellationToken);

    private void OnReceived(string? session, string method, JsonNode parameters)
    {
        if (session != _session)
            return;
        switch (method)
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded":
                _errors.Enqueue(parameters.ToJsonString());
                break;
            case "Network.requestWillBeSent"
                when parameters["request"]!["url"]!.GetValue<string>() is var url && !url.StartsWith("data:", StringComparison.Ordinal):
                _requests.Enqueue(url);
                break;
        }
    }
}
