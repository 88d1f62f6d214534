using ModelBuild.Compression.Signatures;

namespace ModelBuild.Cli.Output;

/// <summary>One input or output.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Type">Its element type, or ONNX's text for what is not a tensor.</param>
/// <param name="Shape">Its dimensions: sizes, symbols, or <c>?</c>; null when their number is unknown.</param>
internal sealed record ValueDescription(string Name, string Type, IReadOnlyList<string>? Shape)
{
    public static ValueDescription Of(ValueSignature value) => new(value.Name, value.Type, value.Shape?.Select(dimension => dimension.ToString()).ToArray());
}
