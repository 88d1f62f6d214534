using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelBuild.Testing.Browsers;

/// <summary>A connection to the DevTools protocol of a browser.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _calls = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private int _number;

    public DevTools(ClientWebSocket socket)
    {
        _socket = socket;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Is raised with the session, the name and the parameters of each event.</summary>
    public event Action<string?, string, JsonNode>? Received;

    /// <summary>Calls a method.</summary>
    /// <param name="method">The name of the method.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="session">The session of a page; null for the browser.</param>
    /// <param name="cancellationToken">Cancels the wait for the result.</param>
    public async Task<JsonNode> CallAsync(string method, object parameters, string? session, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _number);
        var source = _calls[number] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject
        {
            ["id"] = number,
            ["method"] = method,
            ["params"] = JsonSerializer.SerializeToNode(parameters),
        };
        if (session is not null)
            message["sessionId"] = session;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        var answer = await source.Task.WaitAsync(cancellationToken);
        return answer["error"] is { } error ? throw new InvalidOperationException($"{method}: {error}") : answer["result"]!;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await ReceiveAsync() is { } message)
                if (message["id"]?.GetValue<int>() is { } number)
                    _calls[number].TrySetResult(message);
                else
                    Received?.Invoke(message["sessionId"]?.GetValue<string>(), message["method"]!.GetValue<string>(), message["params"]!);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            foreach (var call in _calls.Values)
                call.TrySetException(exception);
        }
    }

    private async Task<JsonNode?> ReceiveAsync()
    {
        var buffer = new byte[1 << 16];
        using var text = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            text.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage)
                continue;
            text.Position = 0;
            return await JsonNode.ParseAsync(text, cancellationToken: _stop.Token);
        }
    }
}
