using System.CommandLine;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Caching.Remote;

namespace ModelBuild.Cli.Build;

/// <summary>
/// Runs a command that the build starts. Each request runs on its own, so that a failure of one model does not stop the work on the others. Messages are
/// written as lines, and the program ends when the build that started it ends.
/// </summary>
internal static class BuildAction
{
    public static Command Create(string name, string description, Action<ModelRequest, BuildRun, CancellationToken> work)
    {
        var requests = new Argument<string[]>("requests") { Description = "Request files, written by the build.", Arity = ArgumentArity.OneOrMore };
        var watch = new Option<bool>(ProgramOptions.WatchInput) { Description = "End when standard input is closed." };
        var progress = new Option<string?>(ProgramOptions.ProgressFolder) { Description = "Write the progress of each model to a file in this folder." };
        var state = new Option<string?>(ProgramOptions.RemoteCacheState) { Description = "Share what the build knows about its remote cache in this file." };
        var command = new Command(name, description) { requests, watch, progress, state };
        command.Hidden = true;
        command.SetAction(
            (parseResult, cancellationToken) =>
                Task.Run(
                    () =>
                    {
                        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                        if (parseResult.GetValue(watch))
                            StandardInput.CancelWhenClosed(ended);
                        var remote = new RemoteCacheState(parseResult.GetValue(state));
                        var failed = parseResult.GetValue(requests)!.Count(path => !TryRun(path, parseResult.GetValue(progress), remote, work, ended.Token));
                        return failed == 0 ? ExitCode.Good : ExitCode.Failed;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }

    private static bool TryRun(
        string path,
        string? progressFolder,
        RemoteCacheState remote,
        Action<ModelRequest, BuildRun, CancellationToken> work,
        CancellationToken cancellationToken
    )
    {
        var (file, project) = (path, path);
        ProgressFile? progress = null;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var request = RequestFile.Load(path);
            (file, project) = (request.Model, request.Project);
            progress = progressFolder is null ? null : new ProgressFile(ProgressLines.Path(progressFolder, request.Id), request.Id);
            if (request is { OnnxRuntimeManaged.Length: > 0, OnnxRuntimeNative.Length: > 0 })
                OnnxRuntimeLoader.Use(new OnnxRuntimeLocation(request.OnnxRuntimeManaged, request.OnnxRuntimeNative));
            work(request, new BuildRun(progress, remote), cancellationToken);
            return true;
        }
        catch (Exception exception)
        {
            progress?.End("");
            var failure = Failure.Of(exception);
            // The error line names the project file for a wrong option, a wrong State or wrong Names, which are faults in the project file, and otherwise the
            // model file.
            Console.Out.WriteLine(Message.Error(failure, failure.IsUsage || failure.Code == Codes.States ? project : file));
            return false;
        }
    }
}
