using ModelBuild.Cli.Tuning;
using ModelBuild.Cli.Tuning.Claims;
using ModelBuild.Compression.Tuning;
using ModelBuild.Compression.Tuning.Results;
using ModelBuild.Testing;
using ModelBuild.Workers.Tests.Support;

namespace ModelBuild.Workers.Tests;

/// <summary>Workers of one study share only its folder. Their tasks wait, and outcomes follow from the tasks.</summary>
public sealed class StudyWorkerTests : IDisposable
{
    private const int Trials = 60;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    public void The_result_does_not_depend_on_the_number_of_workers(int workers)
    {
        var alone = TestStudy.Begin(_folder, "alone", Trials);
        var together = TestStudy.Begin(_folder, "together", Trials);

        var runs = alone.Run(1, TimeSpan.Zero);
        var shared = together.Run(workers, TimeSpan.FromMilliseconds(5));

        Assert.Equal(alone.Document(), together.Document());
        Assert.Equal((runs, runs, runs), (alone.CountRecords(), shared, together.CountRecords()));
        Assert.Empty(together.Claims);
    }

    [Fact]
    public void Only_models_of_the_front_are_kept()
    {
        var study = TestStudy.Begin(_folder, "study", Trials);

        study.Run(3, TimeSpan.Zero);

        var findings = new StudyFindings(study.File, study.Folder);
        findings.Update(TestContext.Current.CancellationToken);
        var front = findings.Document(new Selection(TuneGoal.Size, MaxBytes: null, MaxMilliseconds: null), []).Front;
        Assert.Equal(
            front.Select(point => study.Folder.Model(findings.Task(point))).Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(study.Folder.Path, "models")).Order(StringComparer.Ordinal)
        );
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(study.Folder.Path, "work")));
    }

    [Fact]
    public void The_task_of_a_worker_that_is_silent_for_the_time_of_the_lease_runs_again()
    {
        var study = TestStudy.Begin(_folder, "study", trials: 2);
        var first = Claim(study, "optimize", 1, TimeSpan.FromSeconds(61));

        study.Run(1, TimeSpan.Zero);

        Assert.Equal(2, study.CountRecords());
        Assert.False(File.Exists(first));
    }

    [Fact]
    public async Task A_worker_waits_for_a_task_that_another_one_has_claimed_and_takes_it_when_the_claim_is_stale()
    {
        var study = TestStudy.Begin(_folder, "study", trials: 2);
        var claim = Claim(study, "optimize", 1, TimeSpan.FromSeconds(5));
        var runner = new WaitingRunner(TimeSpan.Zero);
        var worker = Task.Run(() => study.Run(1, runner));

        await Eventually.IsTrueAsync(() => study.CountRecords() == 1, TestContext.Current.CancellationToken);
        Assert.Equal(1, runner.Runs);
        File.SetLastWriteTimeUtc(claim, File.GetLastWriteTimeUtc(claim).AddSeconds(-61));
        await worker;

        Assert.Equal((2, 2), (study.CountRecords(), runner.Runs));
    }

    [Fact]
    public void A_task_whose_workers_were_lost_three_times_has_no_result()
    {
        var study = TestStudy.Begin(_folder, "study", trials: 2);
        for (var attempt = 1; attempt <= ClaimFolder.MaxLost; attempt++)
            Claim(study, "int8-weights least-squares gptq", attempt, TimeSpan.FromHours(1));

        study.Run(1, TimeSpan.Zero);

        Assert.Contains("\"why\": \"its workers or their processes were lost 3 times, ", study.Document(), StringComparison.Ordinal);
        Assert.Empty(study.Claims);
    }

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, "its workers or their processes were lost 3 times, for example because memory is short")]
    public void A_task_whose_process_the_system_kills_runs_again_twice(int kills, string? failure)
    {
        var study = TestStudy.Begin(_folder, "study", trials: 1);
        var runner = new InterruptedRunner((_, runs) => runs > kills);

        study.Run(1, runner);

        Assert.Equal(failure, study.Folder.Find(study.File.Id, new RecipeTask("optimize", Origin.Uniform))?.Outcome.Failure);
        Assert.Equal(Math.Min(kills + 1, 3), runner.Runs);
        Assert.Empty(study.Claims);
    }

    [Fact]
    public async Task The_result_of_a_worker_whose_task_another_one_has_taken_is_dropped_and_the_worker_goes_on()
    {
        var study = TestStudy.Begin(_folder, "study", trials: 2);
        var other = "";
        var runner = new InterruptedRunner(
            (task, runs) =>
            {
                if (runs != 1)
                    return true;
                // The test simulates that this machine is suspended for longer than the lease. Another machine then claims the task, and deletes the files that
                // this machine has written for it.
                File.SetLastWriteTimeUtc(PathOfClaim(study, "optimize", 1), DateTime.UnixEpoch);
                other = Claim(study, "optimize", 2, TimeSpan.Zero);
                study.Folder.CreateWork(task);
                return true;
            }
        );
        var waiting = Task.Run(() => study.Run(1, runner));
        await Eventually.IsTrueAsync(() => study.CountRecords() == 1 && study.Claims is [var left] && left == other, TestContext.Current.CancellationToken);

        Assert.False(study.HasRecord(other));
        File.Delete(other);
        await waiting;
        Assert.Equal((2, 3), (study.CountRecords(), runner.Runs));
    }

    [Fact]
    public void The_files_of_a_task_whose_folder_another_worker_has_deleted_are_not_committed()
    {
        var study = TestStudy.Begin(_folder, "study", Trials);
        var task = new RecipeTask("optimize", Origin.Uniform);
        using var lost = study.Folder.CreateWork(task);
        File.WriteAllText(lost.Model, "lost");
        using var work = study.Folder.CreateWork(task);

        Assert.False(lost.TryCommit());
        Assert.False(File.Exists(study.Folder.Model(task)));
        File.WriteAllText(work.Model, "good");
        Assert.True(work.TryCommit());
        Assert.Equal("good", File.ReadAllText(study.Folder.Model(task)));
    }

    [Fact]
    public void A_task_that_ends_after_another_study_has_begun_in_the_folder_writes_nothing()
    {
        var earlier = TestStudy.Begin(_folder, "study", Trials);
        TestStudy? later = null;
        var runner = new InterruptedRunner(
            (_, _) =>
            {
                later = TestStudy.Begin(_folder, "study", Trials);
                return true;
            }
        );

        earlier.Run(1, runner);

        Assert.Equal((1, 0), (runner.Runs, later!.CountRecords()));
        Assert.Empty(later.Claims);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(later.Folder.Path, "models")));
    }

    [Fact]
    public void Of_records_that_are_written_at_the_same_time_the_first_one_stays()
    {
        const int Writers = 8;
        var study = TestStudy.Begin(_folder, "study", Trials);
        for (var round = 0; round < 20; round++)
        {
            var task = new RecipeTask($"round {round}", Origin.Uniform);
            using var start = new Barrier(Writers);
            var seen = new string?[Writers];
            var threads = Enumerable
                .Range(0, Writers)
                .Select(writer => new Thread(() =>
                {
                    start.SignalAndWait();
                    study.Folder.Save(task, new StudyRecord(study.File.Id, task.Key, new StudyOutcome { Failure = $"of writer {writer}" }));
                    seen[writer] = study.Folder.Find(study.File.Id, task)?.Outcome.Failure;
                }))
                .ToArray();
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());

            Assert.NotNull(seen[0]);
            Assert.Single(seen.Distinct());
        }

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(study.Folder.Path, "work")));
    }

    [Fact]
    public void The_claim_of_a_process_of_this_machine_that_has_ended_is_stale_at_once()
    {
        var study = TestStudy.Begin(_folder, "study", trials: 1);
        const int NoProcess = int.MaxValue;
        var claim = new Claim("here", ProcessSpace.OfThisProcess, NoProcess);
        File.WriteAllText(PathOfClaim(study, "optimize", 1), claim.ToLine());

        study.Run(1, TimeSpan.Zero);

        Assert.Equal(1, study.CountRecords());
    }

    [Fact]
    public async Task A_study_that_is_stopped_ends_its_workers_which_give_their_tasks_back()
    {
        var study = TestStudy.Begin(_folder, "study", Trials);
        var workers = Task.Run(() => study.Run(3, TimeSpan.FromHours(1)));
        await Eventually.IsTrueAsync(() => study.Claims.Length == 3, TestContext.Current.CancellationToken);

        study.Folder.Stop();

        Assert.Equal(0, await workers);
        Assert.Empty(study.Claims);
        Assert.Equal(0, study.CountRecords());
    }

    [Fact]
    public void A_worker_of_an_earlier_study_in_the_folder_changes_nothing()
    {
        var earlier = TestStudy.Begin(_folder, "study", Trials);
        var task = new RecipeTask("optimize", Origin.Uniform);
        var later = TestStudy.Begin(_folder, "study", Trials);

        earlier.Folder.Save(task, new StudyRecord(earlier.File.Id, task.Key, new StudyOutcome { Failure = "from before" }));
        var runs = earlier.Run(2, TimeSpan.Zero);
        later.Run(2, TimeSpan.Zero);

        Assert.NotEqual(earlier.File.Id, later.File.Id);
        Assert.Equal(0, runs);
        Assert.NotNull(later.Folder.Find(later.File.Id, task)?.Outcome.Result);
    }

    [Fact]
    public async Task A_new_run_of_a_study_ends_the_workers_of_the_earlier_one()
    {
        var earlier = TestStudy.Begin(_folder, "study", Trials);
        var workers = Task.Run(() => earlier.Run(3, TimeSpan.FromHours(1)));
        await Eventually.IsTrueAsync(() => earlier.Claims.Length == 3, TestContext.Current.CancellationToken);

        var later = TestStudy.Begin(_folder, "study", Trials, resume: true);

        Assert.Equal(0, await workers);
        Assert.Equal((earlier.File.Id, 0), (later.File.Id, later.CountRecords()));
        Assert.True(later.Run(2, TimeSpan.Zero) >= Trials);
    }

    [Fact]
    public void A_record_that_cannot_be_read_is_replaced()
    {
        var study = TestStudy.Begin(_folder, "study", trials: 2);
        File.WriteAllText(PathOfRecord(study, new RecipeTask("optimize", Origin.Uniform)), "{");

        Assert.Equal(2, study.Run(2, TimeSpan.Zero));
        Assert.Contains("\"trials\": 2", study.Document(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_equal_results_the_first_task_is_on_the_front_whichever_ends_first()
    {
        var study = TestStudy.Begin(_folder, "study", trials: 2);
        var first = new RecipeTask("optimize", Origin.Uniform);
        var second = new RecipeTask("int8-weights least-squares gptq", Origin.Uniform);
        var findings = new StudyFindings(study.File, study.Folder);
        var selection = new Selection(TuneGoal.Size, MaxBytes: null, MaxMilliseconds: null);
        var outcome = new StudyOutcome { Result = WaitingRunner.Result("equal") };

        study.Folder.Save(second, new StudyRecord(study.File.Id, second.Key, outcome));
        findings.Update(TestContext.Current.CancellationToken);
        var before = findings.Document(selection, []).Front;
        study.Folder.Save(first, new StudyRecord(study.File.Id, first.Key, outcome));
        findings.Update(TestContext.Current.CancellationToken);
        var after = findings.Document(selection, []).Front;

        Assert.Equal((2, 1), (Assert.Single(before).Number, Assert.Single(after).Number));
    }

    [Fact]
    public void A_study_goes_on_from_its_records_and_tries_again_what_failed()
    {
        var whole = TestStudy.Begin(_folder, "whole", Trials);
        whole.Run(4, TimeSpan.Zero);
        TestStudy.Begin(_folder, "part", trials: 20).Run(4, TimeSpan.Zero);
        var part = TestStudy.Begin(_folder, "part", Trials, resume: true);
        var failed = new RecipeTask("optimize", Origin.Uniform);
        Replace(part, failed);
        part = TestStudy.Begin(_folder, "part", Trials, resume: true);
        var kept = part.CountRecords();

        var runs = part.Run(4, TimeSpan.Zero);

        Assert.Equal(whole.Document(), part.Document());
        Assert.Equal(whole.CountRecords(), kept + runs);
    }

    public void Dispose() => _folder.Dispose();

    private static void Replace(TestStudy study, StudyTask task)
    {
        var record = PathOfRecord(study, task);
        File.Delete(record);
        study.Folder.Save(task, new StudyRecord(study.File.Id, task.Key, new StudyOutcome { Failure = "the machine was busy" }));
        Assert.True(File.Exists(record));
    }

    // Writes the claim of a worker on another machine.
    private static string Claim(TestStudy study, string recipe, int attempt, TimeSpan age)
    {
        var path = PathOfClaim(study, recipe, attempt);
        File.WriteAllText(path, new Claim("elsewhere:1", "elsewhere", 1).ToLine());
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) - age);
        return path;
    }

    private static string PathOfRecord(TestStudy study, StudyTask task) => Path.Combine(study.Folder.Path, "trials", $"{StudyFolder.NameOf(task)}.json");

    private static string PathOfClaim(TestStudy study, string recipe, int attempt) =>
        Path.Combine(study.Folder.Path, "claims", $"{StudyFolder.NameOf(new RecipeTask(recipe, Origin.Uniform))}.{attempt}");
}
