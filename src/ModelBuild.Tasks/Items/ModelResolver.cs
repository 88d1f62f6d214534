using System.Globalization;
using Microsoft.Build.Framework;
using ModelBuild.Tasks.Messages;

namespace ModelBuild.Tasks.Items;

/// <summary>
/// Resolves the items and properties of a project to one request for each model, and checks the values that can be checked without reading a model.
/// </summary>
internal sealed class ModelResolver(string project, string folder, ITaskItem defaults)
{
    // The largest number of stages, which is above the number of devices in any machine.
    private const int MaxStages = 64;

    private readonly string _projectFolder = Path.GetDirectoryName(project) ?? "";
    private readonly List<ModelProblem> _problems = [];
    private readonly Environments _environments = new(Path.GetDirectoryName(project) ?? "");

    /// <summary>Gets the problems of items that were found. A model with an error has no request.</summary>
    public IReadOnlyList<ModelProblem> Problems => _problems;

    /// <summary>Returns the requests of models in the order of the items.</summary>
    /// <param name="items">The <c>OnnxModel</c> items.</param>
    /// <param name="withData">Whether to search for calibration data, which takes time.</param>
    public IReadOnlyList<ModelRequest> Resolve(IEnumerable<ITaskItem> items, bool withData)
    {
        var known = items.Select(item => (item, path: Paths.Absolute(_projectFolder, item.ItemSpec))).ToList();
        // An item of the project file replaces the item that the default glob found for the same path.
        var written = new HashSet<string>(known.Where(pair => !IsDefault(pair.item)).Select(pair => pair.path), StringComparer.Ordinal);
        var requests = known
            .Where(pair => !IsDefault(pair.item) || !(written.Contains(pair.path) || IsOwnResult(pair.path) || _environments.Contain(pair.path)))
            .Select(pair => Resolve(pair.item, pair.path, [.. known.Select(other => other.path)], withData))
            .OfType<ModelRequest>();
        return Unique(requests);
    }

    private static bool IsDefault(ITaskItem item) => item.GetMetadata(ForeignMetadata.DefaultItem) == "true";

    // Returns whether a file is a result of this project. A publish folder inside the project contains models/<AssemblyName>/, which is output and not a model
    // of the project.
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
        var className = options.Own(ItemMetadata.ClassName) ?? ModelNames.ClassName(path, project);
        if (!ClassNames.IsIdentifier(className))
            return Fail(
                Codes.UnknownOption,
                project,
                $"ClassName=\"{className}\" of '{item.ItemSpec}' is not a C# identifier; for example \"{ClassNames.FromFile(className)}\"."
            );
        // A missing file is reported here. If the path is a folder, the program reports the error.
        if (!File.Exists(path) && !Directory.Exists(path))
            return Fail(Codes.ModelMissing, project, Missing(item.ItemSpec, path, models));

        var named = List(options.Value(ItemMetadata.Providers));
        List<string> providers =
        [
            .. named
                .Select(name => ProviderNames.Find(name) ?? OneOf(item, ItemMetadata.Providers, name, ProviderNames.All, ProviderHints.Hint(name)))
                .OfType<string>(),
        ];
        if (providers.Count < named.Count)
            return null;
        if (
            Word(item, options, ItemMetadata.Deploy) is not { } deploy
            || Word(item, options, ItemMetadata.Preprocess) is not { } preprocess
            || Options(item, options) is not { } generated
            || !TryBoolean(options, "Train", out var train)
            || RemoteCacheOptions(options) is not { } remote
        )
            return null;
        var settings = new DataSettings(project, item, options);
        IReadOnlyList<string> data = [];
        IReadOnlyList<string> training = [];
        IReadOnlyList<string> validation = [];
        if (
            withData
            && !(
                TryFind(settings, ItemMetadata.CalibrationData, true, out data)
                && TryFind(settings, ItemMetadata.TrainingData, train, out training)
                && TryFind(settings, ItemMetadata.ValidationData, train, out validation)
            )
        )
            return null;

        if (!TryStages(item, options.Value(ItemMetadata.Stages), out var stages) || !HasOneRecipe(item, options))
            return null;

        var recipe = Recipe(options, path);
        var target = options.Project("ProcessorTarget") ?? Targets.Of(providers[0], options.Project("RuntimeIdentifier"), options.Project("PlatformTarget"));
        return new ModelRequest
        {
            Id = className,
            Project = project,
            Model = path,
            ModelDisplay = Paths.Relative(_projectFolder, path),
            Options = generated,
            Descriptions = ItemMetadata
                .All.Where(field => field.IsDescription && options.Own(field) is not null)
                .ToDictionary(field => field.Name, field => options.Own(field)!, StringComparer.Ordinal),
            Preprocess = preprocess,
            Compression = options.Value(ItemMetadata.Compression),
            Recipe = recipe,
            CalibrationData = data,
            CalibrationFile = withData && data.Count == 0 ? DataSettings.CalibrationFile(path) : null,
            TrainingData = training,
            ValidationData = validation,
            TrainedFile = withData ? settings.TrainedFile(path) : null,
            Train = train,
            TrainCommand = settings.TrainCommand(path, recipe, target),
            MaxAccuracyLoss = options.Value(ItemMetadata.MaxAccuracyLoss),
            MinSqnr = options.Value(ItemMetadata.MinSqnr),
            Fidelity = options[ItemMetadata.Fidelity],
            MaxSize = options[ItemMetadata.MaxSize],
            Given = GivenSettings.Of(options, data),
            Providers = providers,
            Stages = stages,
            Target = target,
            Labels = Labels(options[ItemMetadata.Labels]),
            State = options[ItemMetadata.State],
            Names = options[ItemMetadata.Names],
            Deploy = deploy,
            DeployPath = $"models/{AssemblyName}/{className}.onnx",
            Folder = folder,
            Cache = options.Project("CacheDirectory") is { } cache ? Paths.Absolute(_projectFolder, cache) : Path.Combine(folder, "cache"),
            CacheSize = options.Project("CacheSize"),
            RemoteCache = remote.Address,
            RemoteCachePush = remote.Push,
            RemoteCacheVerify = remote.Verify,
        };
    }

    /// <summary>Returns the values that only the generator reads; null if one of them is invalid.</summary>
    private Dictionary<string, string>? Options(ITaskItem item, ItemOptions options)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in ItemMetadata.All.Where(field => field.IsOption))
        {
            if (Word(item, options, field) is not { } value)
                return null;
            if (value.Length > 0)
                values.Add(field.Name, value);
        }

        if (!values.ContainsKey(ItemMetadata.Namespace.Name))
            values.Add(ItemMetadata.Namespace.Name, ClassNames.Namespace(options.Project("RootNamespace") ?? AssemblyName));
        return values;
    }

    private List<ModelRequest> Unique(IEnumerable<ModelRequest> requests)
    {
        // The ids of models are compared without case, because class names are file names, and some platforms ignore the case of file names.
        var byId = new Dictionary<string, ModelRequest>(StringComparer.OrdinalIgnoreCase);
        var unique = new List<ModelRequest>();
        foreach (var request in requests)
        {
            if (!byId.TryGetValue(request.Id, out var first))
            {
                byId.Add(request.Id, request);
                unique.Add(request);
            }
            else if (RequestJson.Write(first) != RequestJson.Write(request))
            {
                Fail(
                    Codes.ClassNameTaken,
                    request.Model,
                    first.Model == request.Model
                        ? $"'{request.ModelDisplay}' has two items with different metadata, and both have the class name '{request.Id}' (deployed "
                            + $"to '{request.DeployPath}'). Give one of them ClassName metadata."
                        : $"'{first.ModelDisplay}' and '{request.ModelDisplay}' share the class name '{request.Id}' (deployed to "
                            + $"'{request.DeployPath}'). Give one of them ClassName metadata."
                );
            }
        }

        return unique;
    }

    private string? Recipe(ItemOptions options, string model)
    {
        if (options.Own(ItemMetadata.Recipe) is { } own)
            return Paths.Absolute(_projectFolder, own);
        // Steps of the item have priority over the recipe file beside the model, and that file has priority over the project's property and over 'auto'.
        if (options.Own(ItemMetadata.Compression) is { } steps && steps.Trim() != ItemMetadata.Compression.Default)
            return null;
        var beside = Path.ChangeExtension(model, ".recipe.json");
        return File.Exists(beside) ? beside
            : options.Project(ItemMetadata.Recipe.Name) is { } recipe ? Paths.Absolute(_projectFolder, recipe)
            : null;
    }

    private bool HasOneRecipe(ITaskItem item, ItemOptions options)
    {
        if (options.Own(ItemMetadata.Recipe) is not null && options.Own(ItemMetadata.Compression) is not null)
            Fail(Codes.UnknownOption, project, $"'{item.ItemSpec}' has both Recipe and Compression. Remove one of them.");
        else if (
            options.Own(ItemMetadata.Recipe) is null
            && options.Own(ItemMetadata.Compression) is null
            && options.Project(ItemMetadata.Recipe.Name) is not null
            && options.Project(ItemMetadata.Compression.Name) is not null
        )
            Fail(Codes.UnknownOption, project, "The project sets both ModelBuildRecipe and ModelBuildCompression. Remove one of them.");
        else
            return true;
        return false;
    }

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

    // Finds the files of a data setting. A problem is reported only if the files are needed, because a machine that does not train may lack the training data.
    private bool TryFind(DataSettings settings, ItemField field, bool isNeeded, out IReadOnlyList<string> files)
    {
        files = settings.Find(field, out var problem);
        if (problem is null || !isNeeded)
            return true;
        _problems.Add(problem);
        return false;
    }

    private bool TryStages(ITaskItem item, string text, out int stages)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out stages) && stages is >= 1 and <= MaxStages)
            return true;
        Fail(Codes.UnknownOption, project, $"Stages=\"{text}\" of '{item.ItemSpec}' must be a number from 1 to {MaxStages}.");
        return false;
    }

    private bool TryBoolean(ItemOptions options, string property, out bool value)
    {
        var text = options.Project(property) ?? "false";
        if (bool.TryParse(text, out value))
            return true;
        Fail(Codes.UnknownOption, project, $"ModelBuild{property}='{text}' must be true or false.");
        return false;
    }

    // Returns the settings of the remote cache. The address is checked before it is written anywhere, because it may contain a secret.
    private (string? Address, bool Push, bool Verify)? RemoteCacheOptions(ItemOptions options)
    {
        var address = options.Project("RemoteCache");
        if (address is not null && RemoteCacheUrl.Fault(address) is { } fault)
            Fail(Codes.UnknownOption, project, fault);
        else if (TryBoolean(options, "RemoteCachePush", out var push) && TryBoolean(options, "RemoteCacheVerify", out var verify))
            return (address?.Trim(), push, verify);
        return null;
    }

    /// <summary>Returns the value of metadata with a fixed set of words; null if the value is not one of them.</summary>
    private string? Word(ITaskItem item, ItemOptions options, ItemField field)
    {
        var value = options.Value(field);
        return field.Words.Count == 0 ? value : OneOf(item, field, value, field.Words, "");
    }

    // Checks that a value is one of several words. For an unknown value, the message contains the hint, or the most similar word if the hint is empty.
    private string? OneOf(ITaskItem item, ItemField field, string value, IReadOnlyList<string> values, string hint)
    {
        if (values.FirstOrDefault(known => known.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } found)
            return found;
        Fail(
            Codes.UnknownOption,
            project,
            $"{field.Name}=\"{value}\" of '{item.ItemSpec}' is unknown; use {string.Join(", ", values)}."
                + (hint.Length > 0 ? hint : NearestName.Hint(value, values))
        );
        return null;
    }

    private static string Missing(string written, string path, IEnumerable<string> models)
    {
        var folder = Path.GetDirectoryName(path);
        var beside = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.onnx") : [];
        var near = NearestName.All(Path.GetFileName(path), beside.Concat(models.Where(File.Exists)).Select(Path.GetFileName));
        return $"The model '{written}' does not exist (looked for '{path}')." + (near.Count > 0 ? $" Did you mean '{string.Join("', '", near)}'?" : "");
    }

    private static List<string> List(string text)
    {
        var list = text.Split(';', ',').Select(part => part.Trim().ToLowerInvariant()).Where(part => part.Length > 0).ToList();
        return list.Count > 0 ? list : [ProviderNames.Cpu];
    }

    private ModelRequest? Fail(string code, string file, string text)
    {
        _problems.Add(new ModelProblem(code, file, text));
        return null;
    }
}
