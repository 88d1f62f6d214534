using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Sources;

/// <summary>Represents the file or memory that a model is loaded from.</summary>
/// <param name="Description">The subject of sentences about the source, such as "The file 'x.onnx'".</param>
/// <param name="Path">The absolute path of the file; null for a model in memory.</param>
/// <param name="Bytes">The bytes of the model; null for a file.</param>
internal sealed record ModelSource(string Description, string? Path, byte[]? Bytes)
{
    /// <summary>Gets the stages of a model that is cut into several files, in order; the list is empty for a single file.</summary>
    public IReadOnlyList<ModelSource> Stages { get; init; } = [];

    public InferenceSession Open(SessionOptions options) => Path is not null ? new InferenceSession(Path, options) : new InferenceSession(Bytes!, options);

    /// <summary>Returns the value of a metadata key of the model, or null if the model does not have the key.</summary>
    public string? Metadata(string key)
    {
        using Stream stream = Path is not null ? System.IO.File.OpenRead(Path) : new MemoryStream(Bytes!, writable: false);
        return MetadataReader.Find(stream, key);
    }

    /// <summary>Returns the source at the path from the options, or at the place where the project deploys the model.</summary>
    public static ModelSource Deployed(ModelContract contract, string? path)
    {
        if (path is not null)
            return File(contract, path);
        if (contract.Location.Path is not { } deployed)
            throw new FileNotFoundException(
                $"The project deploys no file for the model '{contract.Model}' (Deploy=\"none\"). Set ModelOptions.Path, or call {contract.Name}.Load(path)."
            );
        return contract.Stages.Count > 0 ? Parts($"The stages of '{deployed}'", contract.Stages.Select(stage => At(contract, stage))) : At(contract, deployed);
    }

    /// <summary>Returns the source for a file, or for its stages when the file does not exist.</summary>
    public static ModelSource File(ModelContract contract, string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        if (System.IO.File.Exists(full))
            return new ModelSource($"The file '{full}'", full, null);
        string[] stages =
        [
            .. Enumerable.Range(1, contract.Stages.Count).Select(stage => System.IO.Path.ChangeExtension(full, $"{stage}{System.IO.Path.GetExtension(full)}")),
        ];
        return stages.Any(System.IO.File.Exists)
            ? Parts($"The stages of '{full}'", stages.Select(stage => File(contract, stage)))
            : throw new FileNotFoundException($"The file '{full}' for the model '{contract.Model}' does not exist.", full);
    }

    public static ModelSource Memory(byte[] bytes) => new("The model in memory", null, bytes);

    private static ModelSource Parts(string description, IEnumerable<ModelSource> stages) => new(description, null, null) { Stages = [.. stages] };

    private static ModelSource At(ModelContract contract, string deployed)
    {
        if (contract.Location.Assembly is not { } assembly)
            return Deployed(contract, deployed, [.. contract.Location.Folders.Select(folder => System.IO.Path.GetFullPath(deployed, folder))]);

        using var stream =
            assembly.GetManifestResourceStream(deployed)
            ?? throw new FileNotFoundException(
                $"The assembly {assembly.GetName().Name} has no resource '{deployed}' for the model '{contract.Model}'. Rebuild the project that contains it.",
                deployed
            );
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new ModelSource($"The resource '{deployed}'", null, bytes);
    }

    private static ModelSource Deployed(ModelContract contract, string relative, string[] places) =>
        Array.Find(places, System.IO.File.Exists) is { } full
            ? new ModelSource($"The file '{full}'", full, null)
            : throw new FileNotFoundException(
                $"The model '{contract.Model}' is not at '{string.Join("' or '", places)}', where the build puts it. "
                    + "Build or publish the application again, copy the folder "
                    + $"'{System.IO.Path.GetDirectoryName(relative)}' along with it, or pass another path: ModelOptions.Path, or {contract.Name}.Load(path).",
                places[0]
            );
}
