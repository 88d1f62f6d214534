using ModelBuild.Cli.Processes;
using ModelBuild.Cli.Tuning.Workers;
using ModelBuild.Testing;
using ModelBuild.Workers.Tests.Support;

namespace ModelBuild.Workers.Tests;

/// <summary>Workers run on a Slurm of two nodes.</summary>
[Collection(SlurmCluster.Collection)]
public sealed class SlurmTests : IDisposable
{
    private const int Trials = 120;
    private const int Workers = 8;
    private const int Rounds = 3;

    private static readonly TimeSpan TaskTime = TimeSpan.FromMilliseconds(800);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Nodes_go_down_and_no_trial_is_lost_and_none_is_recorded_twice()
    {
        using var cluster = SlurmCluster.Start(_folder);
        var whole = TestStudy.Begin(_folder, "whole", Trials);
        var runs = whole.Run(1, TimeSpan.Zero);
        var study = TestStudy.Begin(_folder, "cluster", Trials);
        var workers = new SlurmWorkers(study.Folder, Workers, ["--mem=64M"], WorkerProcess.Words(study.Folder.Path, TaskTime));

        workers.Start();
        for (var round = 0; round < Rounds; round++)
        {
            var node = $"n{1 + (round % 2)}";
            await HasMoreAsync(study, 5, runs);
            SlurmCluster.TakeDown(node);
            await HasMoreAsync(study, 10, runs);
            SlurmCluster.BringUp(node);
            // A study that is too short for this test would end before the first node is down.
            Assert.True(round > 0 || study.CountRecords() < runs, "The study ended before a node was down.");
        }

        await Eventually.IsTrueAsync(() => study.CountRecords() == runs, TestContext.Current.CancellationToken);
        workers.End();

        Assert.Equal(whole.Document(), study.Document());
        Assert.Empty(study.RecordedTwice);
        Assert.All(study.Claims, claim => Assert.True(study.HasRecord(claim)));
        await Eventually.IsTrueAsync(
            () => ExternalProgram.Run("squeue", ["--noheader", "--jobs", study.Folder.Job!]).Output.Trim().Length == 0,
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task A_cancelled_job_gives_its_tasks_back()
    {
        using var cluster = SlurmCluster.Start(_folder);
        var study = TestStudy.Begin(_folder, "cluster", Trials);
        var workers = new SlurmWorkers(study.Folder, 2, ["--mem=64M"], WorkerProcess.Words(study.Folder.Path, TimeSpan.FromHours(1)));

        workers.Start();
        await Eventually.IsTrueAsync(() => study.Claims.Length == 2, TestContext.Current.CancellationToken);
        Assert.True(SlurmWorkers.TryCancel(study.Folder));

        await Eventually.IsTrueAsync(() => study.Claims.Length == 0, TestContext.Current.CancellationToken);
        Assert.Equal(0, study.CountRecords());
    }

    public void Dispose() => _folder.Dispose();

    private static Task HasMoreAsync(TestStudy study, int more, int most)
    {
        var wanted = Math.Min(study.CountRecords() + more, most);
        return Eventually.IsTrueAsync(() => study.CountRecords() >= wanted, TestContext.Current.CancellationToken);
    }
}
