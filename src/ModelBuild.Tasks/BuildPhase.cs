using Microsoft.Build.Framework;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;
using ModelBuild.Tasks.Program;
using ModelBuild.Tasks.State;
using ModelBuild.Tasks.Terminal;
using Task = Microsoft.Build.Utilities.Task;

namespace ModelBuild.Tasks;

/// <summary>
/// Provides the base class of the tasks that run the two build phases. It resolves items to requests and starts the program once for the requests whose results
/// are not current.
/// </summary>
public abstract class BuildPhase : Task, ICancelableTask
{
    private readonly object _lock = new();
    private ProgramStarter? _program;
    private bool _isCancelled;

    /// <summary>Gets or sets the <c>OnnxModel</c> items.</summary>
    [Required]
    public ITaskItem[] Models { get; set; } = [];

    /// <summary>Gets or sets one item with the project's properties as metadata.</summary>
    [Required]
    public ITaskItem Defaults { get; set; } = null!;

    /// <summary>Gets or sets the absolute path of the project.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>Gets or sets the absolute path of the folder in obj for files of models.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Gets or sets the kind of the build, which is a name of <see cref="BuildMode"/>.</summary>
    [Required]
    public string Mode { get; set; } = "";

    /// <summary>Gets or sets the candidate paths of <c>dotnet</c> in the order of preference, separated by semicolons.</summary>
    public string DotnetHost { get; set; } = "";

    /// <summary>Gets or sets the absolute path of modelbuild.dll.</summary>
    [Required]
    public string ToolPath { get; set; } = "";

    /// <summary>Gets the kind of the current build.</summary>
    private protected BuildMode Kind { get; private set; }

    /// <summary>Gets the object that reports messages to the build.</summary>
    private protected BuildMessages Messages { get; private set; } = null!;

    /// <summary>Gets the name of the phase, one of <see cref="PhaseNames"/>.</summary>
    private protected abstract string Stage { get; }

    /// <summary>Gets the result of the phase, which determines the values of a request that the phase depends on.</summary>
    private protected abstract Affects Result { get; }

    /// <summary>Gets whether the phase reads calibration data.</summary>
    private protected virtual bool NeedsData => false;

    /// <summary>Cancels the task.</summary>
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
        Kind = (BuildMode)Enum.Parse(typeof(BuildMode), Mode);
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

    /// <summary>Gets the display that shows models while the program works on them; null if the phase shows none.</summary>
    private protected virtual TerminalDisplay? Display => null;

    /// <summary>Runs the phase.</summary>
    private protected abstract void Process(IReadOnlyList<ModelRequest> requests);

    /// <summary>Returns whether the phase reports a problem of an item. Both phases find most problems, and only one of them reports each.</summary>
    private protected abstract bool Reports(ModelProblem problem);

    /// <summary>Reports that the results of a model are current. The default implementation does nothing.</summary>
    private protected virtual void IsCurrent(ModelRequest request) { }

    /// <summary>Returns the files that the phase always writes for a model.</summary>
    private protected abstract IEnumerable<string> Products(ModelRequest request);

    /// <summary>Returns the files that the phase may also write.</summary>
    private protected virtual IEnumerable<string> MayMake(ModelRequest request) => [];

    /// <summary>Starts the program for the models whose results are not current, if there are any.</summary>
    private protected void BringUpToDate(IReadOnlyList<ModelRequest> requests)
    {
        var tool = PhaseState.Program(ToolPath);
        var stale = requests
            .Select(request => (request, key: PhaseState.Key(Stage, tool, RequestJson.Write(request, Result | Affects.Place))))
            .Where(pair => !PhaseState.IsCurrent(pair.request.Files.State(Stage), pair.key))
            .ToList();
        foreach (var request in requests.Except(stale.Select(pair => pair.request)))
            IsCurrent(request);
        if (stale.Count == 0)
            return;

        Directory.CreateDirectory(Folder);
        foreach (var (request, _) in stale)
            SharedFile.Write(request.Files.Request(Stage), RequestJson.Write(request));

        var before = PhaseState.Stamps(
            stale
                .SelectMany(pair => Inputs(pair.request).Concat(PhaseState.Files(pair.request.Files.State(Stage))))
                .Except(stale.SelectMany(pair => Made(pair.request)))
        );
        var program = Starter(Options(stale.Select(pair => pair.request)));
        foreach (var chunk in CommandLine.Chunks([.. stale.Select(pair => pair.request.Files)], model => model.Request(Stage).Length))
            if (!program.Run(DotnetHost, ToolPath, chunk))
                return;
        foreach (var (request, key) in stale)
            Remember(request, key, before);
    }

    private string[] Options(IEnumerable<ModelRequest> requests) =>
        Stage == PhaseNames.Compress && requests.Any(request => request.RemoteCache is not null) && RemoteCacheFile.Of(BuildEngine) is { } file
            ? [ProgramOptions.RemoteCacheState, file]
            : [];

    private static IEnumerable<string> Inputs(ModelRequest request) =>
        new[] { request.Model, request.Recipe, request.CalibrationFile, request.TrainedFile, request.Labels }
            .OfType<string>()
            .Where(Path.IsPathRooted)
            .Concat(request.CalibrationData)
            .Concat(request.TrainingData)
            .Concat(request.ValidationData);

    // Returns the files of a model whose stamps are saved. If an optional file was not written, its absence is part of the state of the phase.
    private IEnumerable<string> Made(ModelRequest request) => Products(request).Concat(MayMake(request));

    private ProgramStarter Starter(IReadOnlyList<string> options)
    {
        lock (_lock)
        {
            _program = new ProgramStarter(Messages, Project, Folder, Stage, Display, options);
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
            Messages.Problem(Codes.ProgramFailed, request.Model, $"The ModelBuild program succeeded but did not write '{missing}'.");
            return;
        }

        PhaseState.Write(files.State(Stage), key, Inputs(request).Concat(SharedFile.ReadLines(files.Inputs)).Concat(Made(request)), before);
    }
}
