using ModelBuild.Compression.Signatures;

namespace ModelBuild.Cli.Output;

/// <summary>Represents the description of an input or output that <c>inspect</c> prints.</summary>
/// <param name="Name">The name in the graph.</param>
/// <param name="Type">The element type of a tensor, or ONNX's text for the type of another value.</param>
/// <param name="Shape">The dimensions: sizes, symbols, or <c>?</c>; null if the rank is undeclared.</param>
internal sealed record ValueDescription(string Name, string Type, IReadOnlyList<string>? Shape)
{
    public static ValueDescription Of(ValueSignature value) => new(value.Name, value.Type, value.Shape?.Select(dimension => dimension.ToString()).ToArray());
}
