using System.CommandLine;
using System.Runtime.InteropServices;
using ModelBuild.Cli.Processes;
using ModelBuild.Cli.Training.Launch;

namespace ModelBuild.Cli.Commands;

/// <summary><c>modelbuild train-worker</c>: the hidden command of the child process that is a worker of <c>train --workers</c>.</summary>
internal static class TrainWorkerCommand
{
    public static Command Create()
    {
        var command = new Command(WorkerProcesses.Command, "Works on a training with other processes.") { Hidden = true };
        command.SetGuardedAction(
            _ => null,
            (_, _) =>
            {
                // Ctrl+C reaches all processes of a terminal, so this process ignores it. Worker 0 sends a message to the other workers when the training has
                // to end, so that all workers end after the same step. SIGTERM reaches only this process, and ends it.
                using var ending = new CancellationTokenSource();
                using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => ending.Cancel());
                var request = ParentProcess.ReadRequest<WorkerRequest>();
                var root = new RootCommand { TrainCommand.Create(request.Connection) };
                root.Options.Add(SharedOptions.OnnxRuntime);
                var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
                return root.Parse(request.Arguments).InvokeAsync(configuration, ending.Token).GetAwaiter().GetResult();
            }
        );
        return command;
    }
}
