using System.Text.Json;

namespace ModelBuild.Text.Files;

/// <summary>Represents the modules by which Sentence Transformers computes the vector of a text, from <c>modules.json</c>.</summary>
/// <param name="IsNormalized">Whether vectors are scaled to the length 1.</param>
/// <param name="Fault">Why the vector of a text cannot be computed from the vectors of its tokens; null if it can.</param>
internal sealed record SentenceModules(bool IsNormalized, string? Fault)
{
    public const string FileName = "modules.json";

    public const string PoolingFile = PoolingFolder + "/config.json";

    private const string PoolingFolder = "1_Pooling";

    /// <summary>The modules that are part of the model, or that change nothing after the training.</summary>
    private static readonly string[] WithoutEffect = ["Transformer", "Dropout"];

    /// <summary>Reads <c>modules.json</c>. Returns null if the file does not exist.</summary>
    /// <param name="files">The files of the model.</param>
    /// <param name="hasPooling">Whether the model has the file with the settings of pooling.</param>
    public static SentenceModules? Read(TextFiles files, bool hasPooling) => JsonFile.Read(files, FileName, root => Read(root, hasPooling));

    private static SentenceModules Read(JsonElement root, bool hasPooling)
    {
        var isNormalized = false;
        string? fault = null;
        foreach (var module in root.EnumerateArray())
        {
            var type = module.Text("type") ?? "";
            var name = type[(type.LastIndexOf('.') + 1)..];
            if (name == "Normalize")
                isNormalized = true;
            else if (name == "Pooling")
                fault ??= PoolingFault(module.Text("path") ?? PoolingFolder, hasPooling);
            else if (!WithoutEffect.Contains(name))
                fault ??=
                    $"The module '{module.Text("path")}' ({type}) is not supported, so that pooled vectors are not those of the model: "
                    + "only Transformer, Pooling and Normalize are. Use a model with the output 'sentence_embedding', "
                    + "which has all modules inside, as optimum-cli exports it from the folder of Sentence Transformers.";
        }

        return new SentenceModules(isNormalized, fault);
    }

    private static string? PoolingFault(string path, bool hasFile) =>
        path != PoolingFolder
            ? $"The settings of the module '{path}' (Pooling) are read from '{PoolingFile}' only. Rename its folder to '{PoolingFolder}', also in this file."
        : !hasFile ? $"The file of the module '{path}' (Pooling), '{PoolingFile}', is missing. Copy it beside this file."
        : null;
}
