using Microsoft.Build.Framework;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;
using ModelBuild.Tasks.Program;
using ModelBuild.Tasks.State;
using ModelBuild.Tasks.Terminal;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks;

/// <summary>
/// What the two stages have in common: items become requests, and those that are not as an earlier build left them go to one start of the
/// program.
/// </summary>
public abstract class ModelBuildStage : Task, ICancelableTask
{
    private readonly object _lock = new();
    private ProgramStarter? _program;
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
    private protected StageMode Kind { get; private set; }

    /// <summary>How the task speaks.</summary>
    private protected BuildMessages Messages { get; private set; } = null!;

    /// <summary>The stage's name, one of <see cref="StageNames"/>.</summary>
    private protected abstract string Stage { get; }

    /// <summary>What the stage's result depends on.</summary>
    private protected abstract Affects Result { get; }

    /// <summary>Whether the stage looks for calibration data.</summary>
    private protected virtual bool NeedsData => false;

    /// <summary>Asks for everything to stop.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            _isCancelled = true;
            _program?.Cancel();
        }
    }

    /// <inheritdoc/>
    public override bool Execute()
    {
        Kind = (StageMode)Enum.Parse(typeof(StageMode), Mode);
        Messages = new BuildMessages(Log, Kind);
        if (ProjectLimits.OfFramework(Project, Defaults) is { } limit)
        {
            if (Reports(limit))
                Messages.Problem(limit);
            return !Log.HasLoggedErrors;
        }

        var resolver = new ModelResolver(Project, Folder, Defaults);
        var requests = resolver.Resolve(Models, NeedsData);
        foreach (var problem in resolver.Problems.Where(Reports))
            Messages.Problem(problem);
        Process(requests);
        return !Log.HasLoggedErrors;
    }

    /// <summary>Shows models while the program works on them; null where nothing does.</summary>
    private protected virtual TerminalDisplay? Display => null;

    /// <summary>Does the stage's work.</summary>
    private protected abstract void Process(IReadOnlyList<ModelRequest> requests);

    /// <summary>Whether the stage reports a problem of an item. Both stages find most problems, and one of them reports each.</summary>
    private protected abstract bool Reports(ModelProblem problem);

    /// <summary>Nothing is to be done for a model.</summary>
    private protected virtual void IsCurrent(ModelRequest request) { }

    /// <summary>What the stage makes for a model; all of it must be there afterwards.</summary>
    private protected abstract IEnumerable<string> Products(ModelRequest request);

    /// <summary>What the stage may make besides.</summary>
    private protected virtual IEnumerable<string> MayMake(ModelRequest request) => [];

    /// <summary>Starts the program for the models that are not as an earlier build left them, if there are any.</summary>
    private protected void BringUpToDate(IReadOnlyList<ModelRequest> requests)
    {
        var tool = StageState.Program(ToolPath);
        var stale = requests
            .Select(request => (request, key: StageState.Key(Stage, tool, RequestJson.Write(request, Result | Affects.Place))))
            .Where(pair => !StageState.IsCurrent(pair.request.Files.State(Stage), pair.key))
            .ToList();
        foreach (var request in requests.Except(stale.Select(pair => pair.request)))
            IsCurrent(request);
        if (stale.Count == 0)
            return;

        Directory.CreateDirectory(Folder);
        foreach (var (request, _) in stale)
            SharedFile.Write(request.Files.Request(Stage), RequestJson.Write(request));

        var before = StageState.Stamps(
            stale
                .SelectMany(pair => Inputs(pair.request).Concat(StageState.Files(pair.request.Files.State(Stage))))
                .Except(stale.SelectMany(pair => Made(pair.request)))
        );
        var program = Starter();
        foreach (var chunk in CommandLine.Chunks([.. stale.Select(pair => pair.request.Files)], model => model.Request(Stage).Length))
            if (!program.Run(DotnetHost, ToolPath, chunk))
                return;
        foreach (var (request, key) in stale)
            Remember(request, key, before);
    }

    private static IEnumerable<string> Inputs(ModelRequest request) =>
        new[] { request.Model, request.Recipe, request.CalibrationFile, request.Labels }
            .OfType<string>()
            .Where(Path.IsPathRooted)
            .Concat(request.CalibrationData);

    // A file that the stage may make and has not made is remembered as absent.
    private IEnumerable<string> Made(ModelRequest request) => Products(request).Concat(MayMake(request));

    private ProgramStarter Starter()
    {
        lock (_lock)
        {
            _program = new ProgramStarter(Messages, Project, Folder, Stage, Display);
            if (_isCancelled)
                _program.Cancel();
            return _program;
        }
    }

    private void Remember(ModelRequest request, string key, IReadOnlyDictionary<string, string> before)
    {
        var files = request.Files;
        if (Products(request).FirstOrDefault(product => !File.Exists(product)) is { } missing)
        {
            Messages.Problem(Codes.ProgramFailed, request.Model, $"The ModelBuild program ended well but did not write '{missing}'.");
            return;
        }

        StageState.Write(files.State(Stage), key, Inputs(request).Concat(SharedFile.ReadLines(files.Inputs)).Concat(Made(request)), before);
    }
}
