using System.Globalization;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using ModelBuild.Tasks.Items;
using ModelBuild.Tasks.Messages;
using ModelBuild.Tasks.OnnxRuntime;
using ModelBuild.Tasks.State;
using ModelBuild.Tasks.Terminal;

namespace ModelBuild.Tasks;

/// <summary>
/// Runs the second phase of the build, which writes compressed models and their receipts. In an editor's build, the task only lists the compressed models that
/// exist. With <c>--no-build</c>, a missing compressed model is an error.
/// </summary>
[MSBuildMultiThreadableTask]
public sealed class ModelBuildCompress : BuildPhase
{
    /// <summary>Gets or sets the files of the packages that the project references, among which the task finds ONNX Runtime.</summary>
    public ITaskItem[] Assets { get; set; } = [];

    /// <summary>Gets or sets the path of NuGet's project.assets.json.</summary>
    public string AssetsFile { get; set; } = "";

    /// <summary>Gets or sets <c>1</c> if MSBuild's terminal logger shows the build. MSBuild sets the property from which this value comes.</summary>
    public string Terminal { get; set; } = "";

    /// <summary>Gets or sets the folder in which the build was started.</summary>
    public string StartFolder { get; set; } = "";

    /// <summary>Gets or sets whether the verbosity is higher than the default of a terminal.</summary>
    public bool IsVerbose { get; set; }

    /// <summary>Gets or sets whether an editor shows the build's messages.</summary>
    public bool IsInEditor { get; set; }

    /// <summary>Gets the compressed models, their external data and their tokenizers, with <c>TargetPath</c>, <c>Deploy</c> and <c>ReceiptPath</c>.</summary>
    [Output]
    public ITaskItem[] Outputs { get; private set; } = [];

    /// <summary>Gets every file in obj that belongs to the models.</summary>
    [Output]
    public ITaskItem[] Written { get; private set; } = [];

    /// <summary>Gets the files that Visual Studio compares with <see cref="UpToDateBuilt"/>, one set for each model.</summary>
    [Output]
    public ITaskItem[] UpToDateInputs { get; private set; } = [];

    /// <summary>Gets the file of each model that is written when an input has changed, even if the compressed model stays the same.</summary>
    [Output]
    public ITaskItem[] UpToDateBuilt { get; private set; } = [];

    private protected override string Stage => PhaseNames.Compress;

    private protected override Affects Result => Affects.Compression;

    private protected override bool NeedsData => Kind == BuildMode.Build;

    // Only this phase needs calibration data, so only this phase reports problems of the data.
    private protected override bool Reports(ModelProblem problem) => problem.Code == Codes.CalibrationData;

    private protected override void Process(IReadOnlyList<ModelRequest> requests)
    {
        if (Kind == BuildMode.Build && !Log.HasLoggedErrors)
            Compress(requests);
        if (Kind == BuildMode.NoBuild)
            foreach (
                var (request, missing) in requests
                    .Where(request => request.Deploy != "none")
                    .Select(request => (request, request.Outputs.Select(output => output.File).FirstOrDefault(file => !File.Exists(file))))
                    .Where(pair => pair.Item2 is not null)
            )
                Messages.Problem(
                    Codes.NotBuilt,
                    request.Model,
                    $"The compressed model of '{request.ModelDisplay}' does not exist ('{missing}'), and the build runs with --no-build. "
                        + $"Build first with the same configuration."
                );
        List(requests);
    }

    private protected override TerminalDisplay? Display =>
        IsInTerminal ? new TerminalDisplay(BuildEngine, Path.Combine(Folder, "terminal"), StartFolder) : null;

    // Reports that the results of a model are current. A terminal hides messages at the default verbosity and shows those of a high importance at -v:d.
    private protected override void IsCurrent(ModelRequest request)
    {
        var text = string.Format(CultureInfo.InvariantCulture, "up to date, {0:N0} bytes", Bytes(request));
        if (!IsVerbose || Display?.Show(request.Files, text) != true)
            Messages.Information(
                IsInTerminal || IsInEditor ? MessageImportance.High : MessageImportance.Normal,
                $"{request.Id}: {text}  {request.Files.Report}"
            );
    }

    private bool IsInTerminal => Terminal == "1";

    private static long Bytes(ModelRequest request) => WithData(request).Where(model => File.Exists(model.File)).Sum(model => new FileInfo(model.File).Length);

    private protected override IEnumerable<string> Products(ModelRequest request) => [.. request.Outputs.Select(output => output.File), request.Files.Receipt];

    private protected override IEnumerable<string> MayMake(ModelRequest request) => request.Outputs.Select(output => ModelFiles.Data(output.File));

    private void Compress(IReadOnlyList<ModelRequest> requests)
    {
        if (requests.Count == 0)
            return;
        var restored = new Lazy<IReadOnlyList<RestoredNative>>(() => RestoredNatives.Read(AssetsFile));
        if (OnnxRuntimeLocator.Find(Assets, () => restored.Value) is not { } onnxRuntime)
        {
            Messages.Problem(Codes.OnnxRuntimeMissing, Project, OnnxRuntimeLocator.WhyNot(restored.Value));
            return;
        }

        WarnOfProviders(requests);
        foreach (var twins in DeploymentCheck.Twins(requests))
            Messages.Problem(twins);
        HintAtAccess(requests);
        foreach (var remark in SettingsWithoutEffect.Find(Project, Models, requests))
            Messages.Problem(remark);
        BringUpToDate([.. requests.Select(request => request with { OnnxRuntimeManaged = onnxRuntime.Managed, OnnxRuntimeNative = onnxRuntime.Native })]);
    }

    // Reports once, before the first build, that classes are internal by default. Most libraries have models for the projects that reference them.
    private void HintAtAccess(IReadOnlyList<ModelRequest> requests)
    {
        var isHidden =
            Defaults.GetMetadata("OutputType") == "Library"
            && Defaults.GetMetadata("IsTestProject") != "true"
            && Defaults.GetMetadata("InternalsVisibleTo").Length == 0
            && Defaults.GetMetadata(ItemMetadata.Access.Name).Length == 0
            && Models.All(item => item.GetMetadata(ItemMetadata.Access.Name).Length == 0);
        if (!isHidden || requests.Any(request => File.Exists(request.Files.State(Stage))))
            return;
        var classes = string.Join(", ", requests.Take(3).Select(request => request.Id)) + (requests.Count > 3 ? ", …" : "");
        Messages.Note(
            Codes.InternalClasses,
            Project,
            $"The model classes of this library are internal ({classes}), so projects that reference it cannot use them. "
                + "The property ModelBuildAccess=public, or Access=\"public\" on an OnnxModel item, makes them public; "
                + "ModelBuildAccess=internal keeps them internal without this message."
        );
    }

    private void WarnOfProviders(IReadOnlyList<ModelRequest> requests)
    {
        // A library may leave the choice of an ONNX Runtime package to the application.
        var isApplication = Defaults.GetMetadata("OutputType") is "Exe" or "WinExe";
        var others = OnnxRuntimeLocator.OtherPackages(Assets);
        var rid = Defaults.GetMetadata("RuntimeIdentifier") is { Length: > 0 } identifier ? identifier : null;
        foreach (var (request, provider) in requests.SelectMany(request => request.Providers.Select(provider => (request, provider))))
            if (ProviderPackages.IsElsewhere(provider, rid))
                Messages.Warning(Codes.ProviderElsewhere, request.Model, $"Provider '{provider}' is not available for RuntimeIdentifier '{rid}'.");
            else if (ProviderPackages.Missing(provider, others) is { } needed && !isApplication)
                Messages.Note(
                    Codes.OnnxRuntimeMissing,
                    request.Model,
                    $"Provider '{provider}' needs {needed}, which this library does not reference. An application that uses the library must reference it."
                );
            else if (ProviderPackages.Missing(provider, others) is { } source)
                Messages.Warning(
                    Codes.OnnxRuntimeMissing,
                    request.Model,
                    $"Provider '{provider}' needs {source}; the project references {(others.Count == 0 ? "the CPU package only" : string.Join(", ", others))}."
                );
        if (isApplication && OnnxRuntimeLocator.Clash(Assets) is { } clash)
            Messages.Warning(
                Codes.NativeClash,
                Project,
                $"The packages {string.Join(" and ", clash.Packages)} both contain '{clash.File}', so it is undefined which one is copied. "
                    + $"Reference only one of them. "
                    + "If no package has all the providers that you need, use a plug-in library for one of them (ModelProvider.Library)."
            );
    }

    private void List(IReadOnlyList<ModelRequest> requests)
    {
        var takesTexts = RestoredPackages.Contain(AssetsFile, "ModelBuild.Text");
        Outputs = [.. requests.SelectMany(request => Deployed(request, takesTexts))];
        Written =
        [
            .. requests
                .SelectMany(request => WithData(request).Select(model => model.File).Concat(Others(request.Files)))
                .Where(File.Exists)
                .Select(file => new TaskItem(Escaped.Of(file))),
        ];
        UpToDateInputs =
        [
            .. requests.SelectMany(request =>
                PhaseState
                    .Files(request.Files.State(Stage))
                    .Concat([request.Model])
                    .Where(file => File.Exists(file) && !Paths.IsInside(Folder, file))
                    .Distinct(StringComparer.Ordinal)
                    .Select(file => Item(file, ("Set", Set(request))))
            ),
        ];
        UpToDateBuilt = [.. requests.Select(request => Item(request.Files.State(Stage), ("Set", Set(request))))];
    }

    // Returns the files of a model that are deployed. Its tokenizer is among them only if the project references ModelBuild.Text, whose methods read it.
    private static IEnumerable<ITaskItem> Deployed(ModelRequest request, bool takesTexts) =>
        WithData(request)
            .Concat(takesTexts ? [(request.Files.Tokenizer, Path.ChangeExtension(request.DeployPath, ModelFiles.TokenizerExtension))] : [])
            .Where(model => File.Exists(model.File))
            .Select(model => Item(model.File, ("TargetPath", model.Target), ("Deploy", request.Deploy), ("ReceiptPath", request.Files.Receipt)));

    private static IEnumerable<(string File, string Target)> WithData(ModelRequest request) =>
        request.Outputs.SelectMany(output => new[] { output, (ModelFiles.Data(output.File), ModelFiles.Data(output.DeployPath)) });

    private static string[] Others(ModelFiles files) =>
        [
            files.Signature,
            files.Tokenizer,
            files.Receipt,
            files.Report,
            files.Inputs,
            files.Request(PhaseNames.Inspect),
            files.Request(PhaseNames.Compress),
            files.State(PhaseNames.Inspect),
            files.State(PhaseNames.Compress),
        ];

    private static string Set(ModelRequest request) => "ModelBuild." + request.Id;

    private static TaskItem Item(string path, params (string Name, string Value)[] metadata)
    {
        var item = new TaskItem(Escaped.Of(path));
        foreach (var (name, value) in metadata)
            item.SetMetadata(name, Escaped.Of(value));
        return item;
    }
}
