using System.Text.RegularExpressions;

namespace ModelBuild.Tasks.Items;

/// <summary>
/// The class name of a model. It comes from the file's name, and from the folder's name where the file's says nothing: <c>model.onnx</c>,
/// <c>model_quantized.onnx</c> and <c>model_fp16.onnx</c> are the same for all models that are downloaded with their folders. Where no folder of the
/// project says anything either, the class is <c>Model</c>.
/// </summary>
internal static class ModelNames
{
    /// <summary>Folders that hold models and say nothing of one.</summary>
    private static readonly HashSet<string> _storage = new(StringComparer.OrdinalIgnoreCase)
    {
        "ai",
        "artifacts",
        "asset",
        "assets",
        "checkpoint",
        "checkpoints",
        "content",
        "cpu",
        "cuda",
        "data",
        "export",
        "exported",
        "exports",
        "files",
        "gpu",
        "ml",
        "model",
        "models",
        "network",
        "networks",
        "onnx",
        "ort",
        "output",
        "raw",
        "resource",
        "resources",
        "snapshots",
        "weight",
        "weights",
    };

    /// <summary>Words that tell apart the versions and number formats of one model.</summary>
    private static readonly Regex _variant = new(
        @"^(v?\d+|q\d(f\d+)?|q?u?int\d+|b?f(p|loat)?\d+|bnb\d|o\d|quant|quantized|dynamic|static|arm64|avx\d+|vnni"
            + @"|optimi[sz]ed|opt|simplified|sim|merged|best|last|final|latest)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );

    /// <summary>The class name of a model that has no <c>ClassName</c>.</summary>
    /// <param name="model">The absolute path of the model.</param>
    /// <param name="project">The absolute path of the project file. Its own folder has another name on another machine, and is never taken.</param>
    public static string ClassName(string model, string project)
    {
        var words = ClassNames.Words(Path.GetFileNameWithoutExtension(model));
        var variant = words.Where(word => !ClassNames.IsModel(word)).ToList();
        var saysNothing = variant.All(_variant.IsMatch) && (variant.Count < words.Count || words.Count == 0);
        if (!saysNothing)
            return ClassNames.FromWords(words);
        var folder = FolderWords(model, project);
        // model2.onnx with no folder to name it.
        return folder.Count == 0 && variant.Count > 0 && char.IsDigit(variant[0][0])
            ? "Model" + string.Join("_", variant)
            : ClassNames.FromWords([.. folder, .. variant]);
    }

    /// <summary>The words of the nearest folder that says something of the model; none where no folder of the project does.</summary>
    private static IReadOnlyList<string> FolderWords(string model, string project)
    {
        for (var folder = Path.GetDirectoryName(model); folder is not null && !Paths.IsInside(folder, project); folder = Path.GetDirectoryName(folder))
            if (ClassNames.Words(Path.GetFileName(folder)) is var words && !words.All(word => _storage.Contains(word) || _variant.IsMatch(word)))
                return words;
        return [];
    }
}
