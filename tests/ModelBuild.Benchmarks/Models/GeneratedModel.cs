using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Models;

/// <summary>
/// A model with well-known shapes and random weights from a fixed seed. It is for measurements of speed, size and cost, which do not depend on the outputs.
/// </summary>
/// <param name="Name">The name in tables.</param>
/// <param name="Build">Builds the model.</param>
internal sealed record GeneratedModel(string Name, Func<OnnxModel> Build)
{
    public static GeneratedModel ResNet50 { get; } = new("resnet50", ResNet50Shaped.Build);

    public static GeneratedModel Bert { get; } = new("bert-base", BertShaped.Base.Build);

    /// <summary>Models of a few megabytes and less.</summary>
    public static IReadOnlyList<GeneratedModel> Small { get; } =
    [new("cnn11616", CnnShaped.Build), new("resnet8", ResNet8Shaped.Build), new("recognizer", RecognizerShaped.Build), new("detector", DetectorShaped.Build)];

    public static IReadOnlyList<GeneratedModel> All { get; } =
    [ResNet50, new("mobilenetv2", MobileNetV2Shaped.Build), Bert, new("lstm", LstmShaped.Build), .. Small];

    /// <summary>Builds the model and saves it in <paramref name="folder"/>.</summary>
    /// <returns>The path of the file.</returns>
    public string Save(string folder)
    {
        var path = Path.Combine(folder, $"{Name}.onnx");
        Build().Save(path);
        return path;
    }
}
