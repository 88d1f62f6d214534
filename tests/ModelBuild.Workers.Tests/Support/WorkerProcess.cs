using System.Diagnostics;
using System.Globalization;
using ModelBuild.Cli.Tuning;

namespace ModelBuild.Workers.Tests.Support;

/// <summary>The program of the tests as a worker of a study.</summary>
internal static class WorkerProcess
{
    /// <summary>The first argument of a worker.</summary>
    public const string Command = "waiting-worker";

    /// <summary>The words of the command that starts a worker.</summary>
    /// <param name="study">The folder of the study.</param>
    /// <param name="time">The time of a task.</param>
    public static string[] Words(string study, TimeSpan time) => Words(Command, study, ((int)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));

    /// <summary>The words of a command that starts this program.</summary>
    /// <param name="arguments">The arguments of the program.</param>
    public static string[] Words(params string[] arguments) => [Environment.ProcessPath!, .. Host(), .. arguments];

    /// <summary>Starts a worker as a process.</summary>
    public static Process Start(string study, TimeSpan time)
    {
        var words = Words(study, time);
        return Process.Start(new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false })!;
    }

    /// <summary>Works on a study.</summary>
    public static int Work(string folderPath, TimeSpan time)
    {
        using var ending = new CancellationTokenSource();
        // Clusters end a worker with this signal.
        using var signal = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM,
            context =>
            {
                context.Cancel = true;
                ending.Cancel();
            }
        );
        var (folder, file) = StudyFolder.Join(folderPath);
        try
        {
            new StudyWorker(folder, file, new WaitingRunner(time)).Run(ending.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 1;
        }
    }

    private static string[] Host() => Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(WorkerProcess).Assembly.Location] : [];
}
