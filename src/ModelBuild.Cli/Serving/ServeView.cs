using System.Net;
using ModelBuild.Cli.Output;

namespace ModelBuild.Cli.Serving;

/// <summary>Shows where models are served, and how to ask for a result.</summary>
internal static class ServeView
{
    public static void Show(ServeRequest request, ServeAnswer answer)
    {
        foreach (var model in request.Models)
            Screen.WriteLine($"{model.Name}: {model.Path}");
        Screen.WriteLine($"HTTP: {answer.Address}");
        if (answer.RpcAddress is not null)
            Screen.WriteLine($"gRPC: {answer.RpcAddress}");
        if (!IsLocal(request.Address) || (request.RpcAddress is not null && !IsLocal(request.RpcAddress)))
            Screen.WriteLine("The server has no authentication: each machine that reaches these addresses can use the models.");
        var address = $"{answer.Address}/v2/models/{Uri.EscapeDataString(request.Models[0].Name)}";
        Screen.WriteLine(ShellWords.Of(answer.Example is { } body ? ["curl", $"{address}/infer", "-d", body] : ["curl", address]));
        Screen.WriteLine("Ctrl+C ends the server after the requests in progress.");
    }

    private static bool IsLocal(string address) => IPAddress.IsLoopback(IPEndPoint.Parse(address).Address);
}
