using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Models;

/// <summary>A model of well-known shapes with random weights by a fixed seed: for speed, size and cost, where the answers do not matter.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Build">Makes it.</param>
internal sealed record GeneratedModel(string Name, Func<OnnxModel> Build)
{
    public static GeneratedModel ResNet50 { get; } = new("resnet50", ResNet50Shaped.Build);

    public static GeneratedModel Bert { get; } = new("bert-base", BertShaped.Build);

    /// <summary>Models of a few megabytes and less.</summary>
    public static IReadOnlyList<GeneratedModel> Small { get; } =
    [new("cnn11616", CnnShaped.Build), new("resnet8", ResNet8Shaped.Build), new("recognizer", RecognizerShaped.Build), new("detector", DetectorShaped.Build)];

    public static IReadOnlyList<GeneratedModel> All { get; } =
    [ResNet50, new("mobilenetv2", MobileNetV2Shaped.Build), Bert, new("lstm", LstmShaped.Build), .. Small];

    /// <summary>Makes the model and saves it in <paramref name="folder"/>.</summary>
    /// <returns>The file's path.</returns>
    public string Save(string folder)
    {
        var path = Path.Combine(folder, $"{Name}.onnx");
        Build().Save(path);
        return path;
    }
}
