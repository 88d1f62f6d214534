using ModelBuild.Cli.Hosting;
using ModelBuild.Server;

var input = new StreamReader(Console.OpenStandardInput());
if (ServeMessages.Read<ServeRequest>(await input.ReadLineAsync().ConfigureAwait(false)) is not { } request)
{
    await Console.Error.WriteLineAsync("This program is a part of modelbuild, which starts it: modelbuild serve <models>").ConfigureAwait(false);
    return ServeExit.Failed;
}

ProgramLibraries.Register();
OnnxRuntimeLoader.Register(() => new OnnxRuntimeLocation(request.OnnxRuntimeManaged, request.OnnxRuntimeNative));

// The standard input ends when modelbuild requests this process to end, and when modelbuild is killed.
var end = new CancellationTokenSource();
new Thread(WaitForEnd) { IsBackground = true, Name = "parent" }.Start();
return await InferenceServer.RunAsync(request, answer => Console.Out.WriteLine(ServeMessages.Line(answer)), end.Token).ConfigureAwait(false);

void WaitForEnd()
{
    while (input.Read() >= 0)
    {
        // The parent process sends nothing after the request. The loop ends when the parent closes the stream or ends.
    }

    end.Cancel();
}
