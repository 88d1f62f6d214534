namespace ModelBuild.Serving.Models;

/// <summary>Provides the metadata of the server.</summary>
internal static class ServerFacts
{
    public const string Name = "modelbuild";

    /// <summary>The name that the Open Inference Protocol has for models in the ONNX format.</summary>
    public const string Platform = "onnx_onnxv1";

    public static string Version { get; } = typeof(ServerFacts).Assembly.GetName().Version!.ToString(3);

    public static IReadOnlyList<string> Extensions { get; } = [InferenceNames.BinaryExtension];
}
