using System.Diagnostics;
using System.Globalization;
using ModelBuild.Testing;
using ModelBuild.Workers.Tests.Support;

namespace ModelBuild.Workers.Tests;

/// <summary>Workers are processes, and are killed at many moments.</summary>
public sealed class KilledWorkerTests : IDisposable
{
    private const string KillsVariable = "MODELBUILD_KILLED_WORKERS";
    private const int DefaultKills = 15;
    private const int Workers = 4;

    // There are so many trials that records follow each kill, and that tasks are left after the last one.
    private const int TrialsPerKill = 12;

    private static readonly TimeSpan TaskTime = TimeSpan.FromMilliseconds(200);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task No_trial_is_lost_and_none_is_recorded_twice()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? $"{DefaultKills}", CultureInfo.InvariantCulture);
        var whole = TestStudy.Begin(_folder, "whole", kills * TrialsPerKill);
        var runs = whole.Run(1, TimeSpan.Zero);
        var study = TestStudy.Begin(_folder, "killed", kills * TrialsPerKill);
        var workers = Enumerable.Range(0, Workers).Select(_ => WorkerProcess.Start(study.Folder.Path, TaskTime)).ToArray();
        for (var i = 0; i < kills; i++)
            workers[i % Workers] = await KillAsync(study, runs, workers[i % Workers], i);

        foreach (var worker in workers)
        {
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, worker.ExitCode);
            worker.Dispose();
        }

        Assert.Equal(whole.Document(), study.Document());
        Assert.Equal(runs, study.CountRecords());
        Assert.Empty(study.RecordedTwice);
        // A worker may be killed after it has written the record of a task and before it removes the claim.
        Assert.All(study.Claims, claim => Assert.True(study.HasRecord(claim)));
    }

    public void Dispose() => _folder.Dispose();

    // Returns the worker that follows. The task of the victim is the first one that others take, so that it does not become the victim of the next kill.
    private static async Task<Process> KillAsync(TestStudy study, int runs, Process victim, int number)
    {
        var records = Math.Min(study.CountRecords() + 3, runs);
        await Eventually.IsTrueAsync(() => study.CountRecords() >= records, TestContext.Current.CancellationToken);
        await Task.Delay(37 * number % 101, TestContext.Current.CancellationToken);
        victim.Kill();
        await victim.WaitForExitAsync(TestContext.Current.CancellationToken);
        victim.Dispose();
        return WorkerProcess.Start(study.Folder.Path, TaskTime);
    }
}
