using System.Diagnostics;
using System.Globalization;
using ModelBuild.Cli.Tuning.Workers;

namespace ModelBuild.Workers.Tests.Support;

/// <summary>
/// Measures how well workers share a study whose tasks only wait, so that the machine needs no core for each of them. The time begins with the first claim and
/// ends with the last record; the ideal is the time of all tasks divided by the number of workers.
/// </summary>
internal static class Efficiency
{
    // At the beginning of a study few tasks are independent of each other, which matters less in a long study.
    private const int Trials = 150;
    private const int ManyTrials = 600;

    private static readonly TimeSpan TaskTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Prints a table.</summary>
    public static void Run(TextWriter output)
    {
        using var folder = new TemporaryFolder();
        output.WriteLine("| workers | where | tasks | ideal | measured | ideal / measured |");
        output.WriteLine("|---:|---|---:|---:|---:|---:|");
        foreach (var workers in new[] { 2, 4, 8, 16 })
            Line(output, workers, "processes", Measure(folder, $"processes-{workers}", Trials, study => Processes(study, workers)));
        Line(output, 8, "processes", Measure(folder, "processes-long", ManyTrials, study => Processes(study, 8)));
        using (SlurmCluster.Start(folder))
            Line(output, 8, "two nodes of Slurm", Measure(folder, "slurm-study", ManyTrials, Slurm));
    }

    private static Action Processes(TestStudy study, int workers)
    {
        var processes = Enumerable.Range(0, workers).Select(_ => WorkerProcess.Start(study.Folder.Path, TaskTime)).ToArray();
        return () => Array.ForEach(processes, process => process.WaitForExit());
    }

    private static Action Slurm(TestStudy study)
    {
        var workers = new SlurmWorkers(study.Folder, 8, ["--mem=64M"], WorkerProcess.Words(study.Folder.Path, TaskTime));
        workers.Start();
        return workers.End;
    }

    private static (int Tasks, TimeSpan Time) Measure(TemporaryFolder folder, string name, int trials, Func<TestStudy, Action> start)
    {
        var tasks = TestStudy.Begin(folder, $"whole-{name}", trials).Run(1, TimeSpan.Zero);
        var study = TestStudy.Begin(folder, name, trials);
        var end = start(study);
        while (study.Claims.Length == 0)
            Thread.Sleep(Pause);
        var clock = Stopwatch.StartNew();
        while (study.CountRecords() < tasks)
            Thread.Sleep(Pause);
        var time = clock.Elapsed;
        end();
        return (tasks, time);
    }

    private static void Line(TextWriter output, int workers, string where, (int Tasks, TimeSpan Time) measured)
    {
        var ideal = measured.Tasks * TaskTime / workers;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {workers} | {where} | {measured.Tasks} | {ideal.TotalSeconds:0.0} s | {measured.Time.TotalSeconds:0.0} s | {ideal / measured.Time:0.00} |"
            )
        );
    }
}
