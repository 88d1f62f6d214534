using ModelBuild.Cli.Tuning;
using ModelBuild.Cli.Tuning.Workers;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tuning;

namespace ModelBuild.Workers.Tests.Support;

/// <summary>A study whose tasks only wait.</summary>
internal sealed class TestStudy
{
    private static readonly StudyFacts Facts = new("1", "model", "data", "limits", "1.0");

    // The bytes are the version of the format and an empty graph, because no task reads the model.
    private static readonly byte[] EmptyModel = [0x08, 0x08, 0x3A, 0x00];

    private readonly Dictionary<string, DateTime> _times = new(StringComparer.Ordinal);
    private readonly HashSet<string> _recordedTwice = new(StringComparer.Ordinal);

    private TestStudy(StudyFolder folder, StudyFile file) => (Folder, File) = (folder, file);

    public StudyFolder Folder { get; }

    public StudyFile File { get; }

    /// <summary>Begins a study.</summary>
    /// <param name="parent">The folder of the model and of the study.</param>
    /// <param name="name">The name of the study.</param>
    /// <param name="trials">The number of recipes.</param>
    /// <param name="resume">Whether an earlier study goes on.</param>
    public static TestStudy Begin(TemporaryFolder parent, string name, int trials, bool resume = false)
    {
        var model = Path.Combine(parent.Path, "model.onnx");
        System.IO.File.WriteAllBytes(model, EmptyModel);
        var (folder, id) = StudyFolder.Open(Path.Combine(parent.Path, name), Facts, resume);
        var file = new StudyFile
        {
            Id = id,
            Run = StudyFolder.NewName(),
            Facts = Facts,
            Settings = new StudySettings
            {
                Model = model,
                Data = [],
                Target = "cpu-x64",
            },
            Trials = trials,
            LeaseSeconds = 60,
        };
        folder.Begin(file);
        return new TestStudy(folder, file);
    }

    /// <summary>Runs workers in this process until the study is complete, and returns the number of tasks that ran.</summary>
    public int Run(int workers, TimeSpan time)
    {
        var runner = new WaitingRunner(time);
        Run(workers, runner);
        return runner.Runs;
    }

    /// <summary>Runs workers in this process until the study is complete or stopped. A worker that ends with an error fails the test.</summary>
    public void Run(int workers, ITaskRunner runner)
    {
        var started = new LocalWorkers(workers, () => new StudyWorker(Folder, File, runner), TestContext.Current.CancellationToken);
        started.Start();
        started.End();
        Assert.Null(started.Fault);
    }

    /// <summary>The result of the study as text.</summary>
    public string Document()
    {
        var findings = new StudyFindings(File, Folder);
        findings.Update(TestContext.Current.CancellationToken);
        Assert.True(findings.IsComplete);
        return JsonText.Of(findings.Document(new Selection(TuneGoal.Size, MaxBytes: null, MaxMilliseconds: null), []));
    }

    /// <summary>The records that were written again after <see cref="CountRecords"/> had seen them.</summary>
    public IReadOnlyCollection<string> RecordedTwice => _recordedTwice;

    /// <summary>Returns the number of records of tasks, and compares their times with those of the calls before.</summary>
    public int CountRecords()
    {
        var records = new DirectoryInfo(Path.Combine(Folder.Path, "trials")).GetFiles();
        foreach (var record in records)
            if (!_times.TryAdd(record.Name, record.LastWriteTimeUtc) && _times[record.Name] != record.LastWriteTimeUtc)
                _recordedTwice.Add(record.Name);
        return records.Length;
    }

    /// <summary>Returns whether the task of a claim has a record.</summary>
    public bool HasRecord(string claim) => System.IO.File.Exists(Path.Combine(Folder.Path, "trials", $"{Path.GetFileNameWithoutExtension(claim)}.json"));

    /// <summary>The claims of tasks.</summary>
    public string[] Claims => Directory.GetFiles(Path.Combine(Folder.Path, "claims"));
}
