using System.Globalization;
using Microsoft.Build.Framework;
using ModelBuild.Compression.Calibration;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Tasks.Items;

/// <summary>
/// From the items and properties of a project to one request for each model. What can be judged without opening a model is judged here.
/// </summary>
internal sealed class ModelResolver(string project, string folder, ITaskItem defaults)
{
    private static readonly string[] Deployments = ["copy", "embed", "none"];
    private static readonly string[] Accesses = ["internal", "public"];

    private static readonly string[] Knobs = ["Compression", "CalibrationData", "MaxAccuracyLoss", "MinSqnr", "Fidelity"];

    // More than there are devices in one machine.
    private const int MostStages = 64;

    private readonly string _projectFolder = Path.GetDirectoryName(project) ?? "";
    private readonly List<ModelProblem> _problems = [];
    private readonly Environments _environments = new(Path.GetDirectoryName(project) ?? "");

    /// <summary>What is wrong with items; those models have no request.</summary>
    public IReadOnlyList<ModelProblem> Problems => _problems;

    /// <summary>The requests, in the order of the items.</summary>
    /// <param name="items">The <c>OnnxModel</c> items.</param>
    /// <param name="withData">Whether calibration data is asked for; to look for it takes time.</param>
    public IReadOnlyList<ModelRequest> Resolve(IEnumerable<ITaskItem> items, bool withData)
    {
        var known = items.Select(item => (item, path: Paths.Absolute(_projectFolder, item.ItemSpec))).ToList();
        // An item that the project writes itself takes the place of the one that the default glob found.
        var written = new HashSet<string>(known.Where(pair => !IsDefault(pair.item)).Select(pair => pair.path), StringComparer.Ordinal);
        var requests = known
            .Where(pair => !IsDefault(pair.item) || !(written.Contains(pair.path) || IsOwnResult(pair.path) || _environments.Contain(pair.path)))
            .Select(pair => Resolve(pair.item, pair.path, [.. known.Select(other => other.path)], withData))
            .OfType<ModelRequest>();
        return Unique(requests);
    }

    private static bool IsDefault(ITaskItem item) => item.GetMetadata(ItemMetadata.DefaultItem) == "true";

    // A publish folder inside the project: what lies in models/<AssemblyName>/ beside the application is a result of this very project.
    private bool IsOwnResult(string path)
    {
        var parent = Path.GetDirectoryName(path) ?? "";
        var models = Path.GetDirectoryName(parent) ?? "";
        var assembly = AssemblyName;
        return Path.GetFileName(parent) == assembly
            && Path.GetFileName(models) == "models"
            && new[] { ".dll", ".exe", ".pdb" }.Any(extension => File.Exists(Path.Combine(Path.GetDirectoryName(models) ?? "", assembly + extension)));
    }

    private string AssemblyName => defaults.GetMetadata("AssemblyName") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(project);

    private ModelRequest? Resolve(ITaskItem item, string path, IReadOnlyList<string> models, bool withData)
    {
        var options = new ItemOptions(item, defaults);
        var className = options.Own("ClassName") ?? ModelNames.ClassName(path, project);
        if (!ClassNames.IsIdentifier(className))
            return Fail(
                "MB1005",
                project,
                $"ClassName=\"{className}\" of '{item.ItemSpec}' is not a C# identifier; for example \"{ClassNames.FromFile(className)}\"."
            );
        // The program says what a folder is.
        if (!File.Exists(path) && !Directory.Exists(path))
            return Fail("MB1001", project, Missing(item.ItemSpec, path, models));

        var named = List(options["Providers"] ?? "cpu");
        List<string> providers = [.. named.Select(name => Targets.Provider(name) ?? OneOf(item, "Providers", name, Targets.Providers)).OfType<string>()];
        var assembly = AssemblyName;
        if (providers.Count < named.Count)
            return null;
        if (
            OneOf(item, "Deploy", options["Deploy"] ?? "copy", Deployments) is not { } deploy
            || OneOf(item, "Access", options["Access"] ?? "internal", Accesses) is not { } access
            || (withData ? CalibrationData(item, options["CalibrationData"]) : []) is not { } data
        )
            return null;

        if (!TryParts(item, options["Stages"], out var parts) || !HasOneRecipe(item, options))
            return null;

        return new ModelRequest
        {
            Id = className,
            Project = project,
            Model = path,
            ModelDisplay = Paths.Relative(_projectFolder, path),
            Namespace = options["Namespace"] ?? ClassNames.Namespace(options.Default("RootNamespace") ?? assembly),
            Access = access,
            Compression = options["Compression"] ?? "auto",
            Recipe = Recipe(options, path),
            CalibrationData = data,
            CalibrationFile = withData && data.Count == 0 ? CalibrationFile(path) : null,
            MaxAccuracyLoss = options["MaxAccuracyLoss"] ?? "1%",
            MinSqnr = options["MinSqnr"] ?? "",
            Fidelity = options.Own("Fidelity"),
            MaxSize = options["MaxSize"],
            Given = Given(options, data),
            Providers = providers,
            Parts = parts,
            Target = options.Default("ProcessorTarget") ?? Targets.Of(providers[0], options.Default("RuntimeIdentifier"), options.Default("PlatformTarget")),
            Labels = Labels(options["Labels"]),
            State = options.Own("State"),
            Names = options.Own("Names"),
            Deploy = deploy,
            DeployPath = $"models/{assembly}/{className}.onnx",
            Files = new ModelFiles(folder, className),
            Cache = options.Default("CacheDirectory") is { } cache ? Paths.Absolute(_projectFolder, cache) : Path.Combine(folder, "cache"),
        };
    }

    private List<ModelRequest> Unique(IEnumerable<ModelRequest> requests)
    {
        // Names of files: two that differ in case alone are one on half of the machines.
        var byId = new Dictionary<string, ModelRequest>(StringComparer.OrdinalIgnoreCase);
        var unique = new List<ModelRequest>();
        foreach (var request in requests)
        {
            if (!byId.TryGetValue(request.Id, out var first))
            {
                byId.Add(request.Id, request);
                unique.Add(request);
            }
            else if (RequestJson.Write(first, null) != RequestJson.Write(request, null))
            {
                Fail(
                    "MB1006",
                    request.Model,
                    first.Model == request.Model
                        ? $"'{request.ModelDisplay}' is an item twice with different options, and both have the class name '{request.Id}' (deployed to '{request.DeployPath}'). Give one of them ClassName metadata."
                        : $"'{first.ModelDisplay}' and '{request.ModelDisplay}' share the class name '{request.Id}' (deployed to '{request.DeployPath}'). Give one of them ClassName metadata."
                );
            }
        }

        return unique;
    }

    private string? Recipe(ItemOptions options, string model)
    {
        if (options.Own("Recipe") is { } own)
            return Paths.Absolute(_projectFolder, own);
        // What the item itself says of its compression is nearer than a file beside the model, and that nearer than the project.
        if (options.Own("Compression") is not null)
            return null;
        var beside = Path.ChangeExtension(model, ".recipe.json");
        return File.Exists(beside) ? beside
            : options.Default("Recipe") is { } recipe ? Paths.Absolute(_projectFolder, recipe)
            : null;
    }

    private bool HasOneRecipe(ITaskItem item, ItemOptions options)
    {
        if (options.Own("Recipe") is not null && options.Own("Compression") is not null)
            Fail("MB1005", project, $"'{item.ItemSpec}' has Recipe and Compression, of which one can count: remove one of both.");
        else if (
            options.Own("Recipe") is null
            && options.Own("Compression") is null
            && options.Default("Recipe") is not null
            && options.Default("Compression") is not null
        )
            Fail("MB1005", project, "The project sets ModelBuildRecipe and ModelBuildCompression, of which one can count: remove one of both.");
        else
            return true;
        return false;
    }

    // What a project says for all models is no mistake where one of them has no use for it; but a budget of accuracy without any data is.
    private static IReadOnlyList<string> Given(ItemOptions options, IReadOnlyList<string> data) =>
        [
            .. Knobs.Where(knob =>
                options.Own(knob) is not null
                || (knob == "MaxAccuracyLoss" && data.Count == 0 && options.Default(knob) is not null && options["Compression"] != "none")
            ),
        ];

    private string? Labels(string? labels)
    {
        if (labels is null || labels.StartsWith("metadata:", StringComparison.Ordinal))
            return labels;
        var path = Paths.Absolute(_projectFolder, labels);
        var isPath =
            File.Exists(path)
            || labels.IndexOfAny(['/', '\\']) >= 0
            || new[] { ".txt", ".json" }.Any(extension => labels.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
        return isPath ? path : "metadata:" + labels;
    }

    private IReadOnlyList<string>? CalibrationData(ITaskItem item, string? list)
    {
        var (files, unmatched) = FileGlob.Expand(_projectFolder, list ?? "");
        if (unmatched.Count == 0)
            return files;
        Fail(
            "MB1019",
            project,
            unmatched.FirstOrDefault(entry => Directory.Exists(Paths.Absolute(_projectFolder, entry))) is { } folder
                ? $"CalibrationData of '{item.ItemSpec}', '{folder}': {DataFolder.Needed(Paths.Absolute(_projectFolder, folder))}."
                : $"CalibrationData of '{item.ItemSpec}' names no file: '{string.Join("', '", unmatched)}' (looked in '{_projectFolder}')."
        );
        return null;
    }

    private bool TryParts(ITaskItem item, string? text, out int parts)
    {
        parts = 1;
        if (text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out parts) && parts is >= 1 and <= MostStages))
            return true;
        Fail("MB1005", project, $"Stages=\"{text}\" of '{item.ItemSpec}' must be a number from 1 to {MostStages}.");
        return false;
    }

    private static string? CalibrationFile(string model)
    {
        var beside = Path.ChangeExtension(model, ".calibration.json");
        return File.Exists(beside) ? beside : null;
    }

    private string? OneOf(ITaskItem item, string name, string value, string[] values)
    {
        if (values.FirstOrDefault(known => known.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        // Nobody who writes 'gpu' means 'cpu'.
        var meant = values == Targets.Providers ? ProviderMeanings.Hint(value) : "";
        var near = NearNames.Of(value, values);
        Fail(
            "MB1005",
            project,
            $"{name}=\"{value}\" of '{item.ItemSpec}' is unknown; use {string.Join(", ", values)}."
                + (
                    meant.Length > 0 ? meant
                    : near.Count > 0 ? $" Did you mean '{near[0]}'?"
                    : ""
                )
        );
        return null;
    }

    private static string Missing(string written, string path, IEnumerable<string> models)
    {
        var folder = Path.GetDirectoryName(path);
        var beside = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.onnx") : [];
        var near = NearNames.Of(Path.GetFileName(path), beside.Concat(models.Where(File.Exists)).Select(Path.GetFileName));
        return $"The model '{written}' does not exist (looked for '{path}')." + (near.Count > 0 ? $" Did you mean '{string.Join("', '", near)}'?" : "");
    }

    private static List<string> List(string text)
    {
        var list = text.Split(';', ',').Select(part => part.Trim().ToLowerInvariant()).Where(part => part.Length > 0).ToList();
        return list.Count > 0 ? list : ["cpu"];
    }

    private ModelRequest? Fail(string code, string file, string text)
    {
        _problems.Add(new ModelProblem(code, file, text));
        return null;
    }
}
