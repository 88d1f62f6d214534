using System.Text.RegularExpressions;

namespace ModelBuild.Tasks.Items;

/// <summary>
/// Determines the class name of a model. The name comes from the file name, or from the folder name if the file name is generic: many models are downloaded as
/// a folder with a file <c>model.onnx</c>, <c>model_quantized.onnx</c> or <c>model_fp16.onnx</c>. If the project has no folder with a specific name either, the
/// class is <c>Model</c>.
/// </summary>
internal static class ModelNames
{
    /// <summary>The generic names of folders that hold models.</summary>
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

    /// <summary>Matches words for the version or the number format of a model.</summary>
    private static readonly Regex _variant = new(
        @"^(v?\d+|q\d(f\d+)?|q?u?int\d+|b?f(p|loat)?\d+|bnb\d|o\d|quant|quantized|dynamic|static|arm64|avx\d+|vnni"
            + @"|optimi[sz]ed|opt|simplified|sim|merged|best|last|final|latest)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );

    /// <summary>Returns the class name of a model whose item does not set <c>ClassName</c>.</summary>
    /// <param name="model">The absolute path of the model.</param>
    /// <param name="project">The absolute path of the project file. The name of its folder is never used, because it differs between machines.</param>
    public static string ClassName(string model, string project)
    {
        var words = ClassNames.Words(Path.GetFileNameWithoutExtension(model));
        var variant = words.Where(word => !ClassNames.IsModel(word)).ToList();
        var saysNothing = variant.All(_variant.IsMatch) && (variant.Count < words.Count || words.Count == 0);
        if (!saysNothing)
            return ClassNames.FromWords(words);
        var folder = FolderWords(model, project);
        // The number in a name such as model2.onnx is kept if no folder has a specific name.
        return folder.Count == 0 && variant.Count > 0 && char.IsDigit(variant[0][0])
            ? "Model" + string.Join("_", variant)
            : ClassNames.FromWords([.. folder, .. variant]);
    }

    /// <summary>Returns the words of the nearest folder with a specific name; empty if no folder of the project has one.</summary>
    private static IReadOnlyList<string> FolderWords(string model, string project)
    {
        for (var folder = Path.GetDirectoryName(model); folder is not null && !Paths.IsInside(folder, project); folder = Path.GetDirectoryName(folder))
            if (ClassNames.Words(Path.GetFileName(folder)) is var words && !words.All(word => _storage.Contains(word) || _variant.IsMatch(word)))
                return words;
        return [];
    }
}
