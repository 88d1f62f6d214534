using System.Net;
using ModelBuild.Cli.Output;

namespace ModelBuild.Cli.Serving;

/// <summary>Shows the addresses of the served models, and an example of a request. The lines are not wrapped, because users copy them.</summary>
internal static class ServeView
{
    public static void Show(ServeRequest request, ServeAnswer answer)
    {
        foreach (var model in request.Models)
            Console.Out.WriteLine($"{model.Name}: {model.Path}");
        Console.Out.WriteLine($"HTTP: {answer.Address}");
        if (answer.RpcAddress is not null)
            Console.Out.WriteLine($"gRPC: {answer.RpcAddress}");
        if (!IsLocal(request.Address) || (request.RpcAddress is not null && !IsLocal(request.RpcAddress)))
            Console.Out.WriteLine("The server has no authentication: each machine that reaches these addresses can use the models.");
        Console.Out.WriteLine(Example(request.Models[0].Name, answer));
        Console.Out.WriteLine("Ctrl+C ends the server after the requests in progress.");
    }

    private static string Example(string model, ServeAnswer answer)
    {
        var address = $"{ServerAddress.ForCaller(answer.Address!)}/v2/models/{Uri.EscapeDataString(model)}";
        string[] words = answer.Example is { } body ? ["curl", $"{address}/infer", "-d", body] : ["curl", address];
        return OperatingSystem.IsWindows() ? CommandPromptWords.Of(words) : ShellWords.Of(words);
    }

    private static bool IsLocal(string address) => IPAddress.IsLoopback(IPEndPoint.Parse(address).Address);
}
