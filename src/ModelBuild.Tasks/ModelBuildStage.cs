using Microsoft.Build.Framework;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Program;
using ModelBuild.Tasks.State;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks;

/// <summary>
/// What the two stages have in common: items become requests, the requests that are not up to date go to one start of the program, and
/// what it says becomes messages of the build.
/// </summary>
public abstract class ModelBuildStage : Task, ICancelableTask
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly object _lock = new();
    private ProgramRun? _run;
    private bool _isCancelled;

    /// <summary>The <c>OnnxModel</c> items.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>One item with the project's properties as metadata.</summary>
    [Required]
    public ITaskItem Defaults { get; set; } = null!;

    /// <summary>The absolute path of the project.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>The absolute folder in obj.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>A name of <see cref="StageMode"/>.</summary>
    [Required]
    public string Mode { get; set; } = "";

    /// <summary>Where <c>dotnet</c> may be, the best first, separated by semicolons.</summary>
    public string DotnetHost { get; set; } = "";

    /// <summary>The absolute path of modelbuild.dll.</summary>
    [Required]
    public string ToolPath { get; set; } = "";

    /// <summary>What kind of build asks.</summary>
    protected StageMode Kind { get; private set; }

    /// <summary>The stage's name: <c>inspect</c> or <c>compress</c>.</summary>
    private protected abstract string Stage { get; }

    /// <summary>Asks for everything to stop.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _isCancelled = true;
            _run?.Cancel();
        }
    }

    /// <inheritdoc/>
    public override bool Execute()
    {
        Kind = (StageMode)Enum.Parse(typeof(StageMode), Mode);
        var resolver = new ModelResolver(Project, Folder, Defaults);
        var requests = resolver.Resolve(Models, withData: Stage == "compress" && Kind == StageMode.Build);
        // The first stage has said it.
        if (Stage == "inspect")
            foreach (var problem in resolver.Problems)
                Problem(problem.Code, problem.File, problem.Text);
        else
            foreach (var problem in resolver.Problems.Where(problem => problem.Code == "MB1019"))
                Problem(problem.Code, problem.File, problem.Text);
        Process(requests);
        return !Log.HasLoggedErrors;
    }

    /// <summary>Does the stage's work.</summary>
    private protected abstract void Process(IReadOnlyList<ModelRequest> requests);

    /// <summary>The part of a request that the stage's result depends on.</summary>
    private protected abstract string Question(ModelRequest request);

    /// <summary>The request as the program reads it.</summary>
    private protected abstract string Json(ModelRequest request);

    /// <summary>What the stage makes for a model; all of it must be there afterwards.</summary>
    private protected abstract IEnumerable<string> Products(ModelFiles files);

    /// <summary>Starts the program for the models that are not as an earlier build left them, if there are any.</summary>
    private protected void BringUpToDate(IReadOnlyList<ModelRequest> requests)
    {
        var tool = StageState.Program(ToolPath);
        var stale = requests
            .Select(request => (request, key: StageState.Key(Stage, tool, Question(request))))
            .Where(pair => !StageState.IsCurrent(pair.request.Files.State(Stage), pair.key))
            .ToList();
        if (stale.Count == 0)
            return;

        Directory.CreateDirectory(Folder);
        foreach (var (request, _) in stale)
            WriteIfDifferent(request.Files.Request(Stage), Json(request));

        var before = StageState.Stamps(stale.SelectMany(pair => Inputs(pair.request).Concat(StageState.Files(pair.request.Files.State(Stage))))
            .Except(stale.SelectMany(pair => Products(pair.request.Files))));
        foreach (var chunk in CommandLine.Chunks([.. stale.Select(pair => pair.request.Files.Request(Stage))]))
            if (!Start(chunk))
                return;
        foreach (var (request, key) in stale)
            Keep(request, key, before);
    }

    /// <summary>Says what is wrong: an error, in an editor's build a warning.</summary>
    private protected void Problem(string code, string file, string text)
    {
        if (Kind == StageMode.DesignTime)
            Log.LogWarning(null, code, Help(code), file, 0, 0, 0, 0, text);
        else
            Log.LogError(null, code, Help(code), file, 0, 0, 0, 0, text);
    }

    private protected void Warning(string code, string file, string text) =>
        Log.LogWarning(null, code, Help(code), file, 0, 0, 0, 0, text);

    private static string Help(string code) => "ModelBuild." + code;

    private static IEnumerable<string> Inputs(ModelRequest request) =>
        new[] { request.Model, request.Recipe, request.Labels }.OfType<string>().Where(Path.IsPathRooted).Concat(request.CalibrationData);

    private static void WriteIfDifferent(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text)
            File.WriteAllText(path, text);
    }

    private void Keep(ModelRequest request, string key, IReadOnlyDictionary<string, string> before)
    {
        var files = request.Files;
        foreach (var product in Products(files).Where(product => !File.Exists(product)))
        {
            Problem("MB1013", request.Model, $"The ModelBuild program ended well but did not write '{product}'.");
            return;
        }

        var read = File.Exists(files.Inputs) ? File.ReadAllLines(files.Inputs).Where(line => line.Length > 0) : [];
        // Weights beside the output, where it has none, are remembered as absent.
        var made = Stage == "compress" ? Products(files).Concat([files.OutputData]) : Products(files);
        StageState.Write(files.State(Stage), key, Inputs(request).Concat(read).Concat(made), before);
    }

    private bool Start(IReadOnlyList<string> requests)
    {
        if (!File.Exists(ToolPath))
        {
            Problem("MB1013", Project, $"The ModelBuild program is not at '{ToolPath}'; the package is damaged, or ModelBuildToolPath is wrong.");
            return false;
        }

        if (Program.DotnetHost.Find(DotnetHost, Environment.GetEnvironmentVariable("PATH")) is not { } host)
        {
            Problem("MB1015", Project, "No `dotnet` was found to run the ModelBuild program. Install the .NET SDK, put it on PATH, or set ModelBuildDotnetHost.");
            return false;
        }

        string[] arguments = [ToolPath, "build-" + Stage, "--watch-stdin", .. requests];
        Log.LogCommandLine(MessageImportance.Low, CommandLine.Join([host, .. arguments]));
        var report = new ProgramReport();
        int exitCode;
        try
        {
            using var run = ProgramRun.Start(host, arguments, Path.GetDirectoryName(Project) ?? Folder, Grace);
            Watch(run);
            foreach (var (line, isError) in run.Lines)
                Say(report.Add(line), isError);
            exitCode = run.ExitCode;
            Watch(null);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            Problem("MB1013", Project, $"The ModelBuild program could not be started with '{host}': {exception.Message}");
            return false;
        }

        if (_isCancelled)
            Log.LogMessage(null, "MB1014", null, Project, 0, 0, 0, 0, MessageImportance.High, "ModelBuild was cancelled.");
        else if (exitCode != 0 && !report.HasErrors)
            Problem("MB1013", Project, $"The ModelBuild program failed with exit code {exitCode}: {report.Cause ?? "it printed nothing."} {Keep(report)}");
        return exitCode == 0 && !_isCancelled && !report.HasErrors;
    }

    // A line or two belong in an error; what else was printed may be what a bug report needs.
    private string Keep(ProgramReport report)
    {
        var path = Path.Combine(Folder, Stage + ".log");
        File.WriteAllText(path, report.Text);
        return $"(All that it printed is in '{path}'.)";
    }

    private void Watch(ProgramRun? run)
    {
        lock (_lock)
        {
            _run = run;
            if (_isCancelled)
                run?.Cancel();
        }
    }

    private void Say(ProgramLine line, bool isError)
    {
        var file = line.File.Length > 0 ? Paths.Absolute(Path.GetDirectoryName(Project) ?? "", line.File) : Project;
        if (line.Code is null)
            Log.LogMessage(isError || Stage == "inspect" ? MessageImportance.Low : MessageImportance.High, "{0}", line.Text);
        else if (line.IsError)
            Problem(line.Code, file, line.Text);
        else
            Warning(line.Code, file, line.Text);
    }
}
