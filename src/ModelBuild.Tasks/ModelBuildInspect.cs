using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks;

/// <summary>
/// Runs the first phase of the build, which writes the signature of each model, from which the generator writes a class. The phase is fast enough for an
/// editor's build.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildInspect : BuildPhase
{
    /// <summary>Gets the signature files, including those that do not exist yet.</summary>
    [Output]
    public ITaskItem[] Signatures { get; private set; } = [];

    /// <summary>Gets or sets the project's items of other kinds that are .onnx files, with <c>ModelBuildItemType</c>.</summary>
    public ITaskItem[] OtherItems { get; set; } = [];

    private protected override string Stage => PhaseNames.Inspect;

    private protected override Affects Result => Affects.Signature;

    private protected override bool Reports(ModelProblem problem) => true;

    private protected override void Process(IReadOnlyList<ModelRequest> requests)
    {
        Signatures = [.. requests.Select(request => new TaskItem(Escaped.Of(request.Files.Signature)))];
        if (Kind == BuildMode.NoBuild)
            return;
        if (Kind == BuildMode.Build && requests.Count > 0 && ProjectLimits.OfLanguage(Project, Defaults) is { } limit)
            Messages.Problem(limit);
        foreach (var problem in Remarks(requests))
            Messages.Problem(problem);
        BringUpToDate(requests);
    }

    private IEnumerable<ModelProblem> Remarks(IReadOnlyList<ModelRequest> requests) =>
        [
            .. new MetadataCheck(Project, Defaults).Problems(Models, requests),
            .. PropertyCheck.Problems(
                [Project, Defaults.GetMetadata("PropertiesFile")],
                (BuildEngine as IBuildEngine6)?.GetGlobalProperties().Keys ?? [],
                Project
            ),
            .. new DeploymentCheck(Project).Originals(OtherItems, requests),
        ];

    private protected override IEnumerable<string> Products(ModelRequest request) => [request.Files.Signature];

    private protected override IEnumerable<string> MayMake(ModelRequest request) => [request.Files.Tokenizer];
}
