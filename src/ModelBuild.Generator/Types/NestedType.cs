using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Types;

/// <summary>Represents the C# type of a value other than a tensor (a sequence, a map or an optional), or of a value inside it.</summary>
/// <param name="CSharp">The type in generated code.</param>
/// <param name="Runtime">The expression for the runtime object that copies such values.</param>
/// <param name="IsOptional">Whether null stands for an absent value.</param>
internal sealed record NestedType(string CSharp, string Runtime, bool IsOptional)
{
    private const string Collections = "global::System.Collections.Generic.";

    /// <summary>Returns the C# type of an input or output; null for tensors, and for types that ONNX Runtime does not return.</summary>
    public static NestedType? Of(Signatures.TensorSignature tensor) => tensor.IsTensor ? null : Parse(tensor.Type);

    /// <summary>Parses ONNX's text for a type, such as <c>seq(map(string,tensor(float)))</c>.</summary>
    private static NestedType? Parse(string text) =>
        Inside(text, "tensor") is { } element ? Tensor(ElementType.OfOnnx(element))
        : Inside(text, "seq") is { } item ? Sequence(Parse(item))
        : Inside(text, "map") is { } entry ? Map(entry)
        : Inside(text, "optional") is { } inner ? Optional(Parse(inner))
        : null;

    private static NestedType? Tensor(ElementType? element) =>
        element is null
            ? null
            : new(
                $"global::System.Numerics.Tensors.Tensor<{element.CSharp}>",
                $"{RuntimeTypes.OnnxType}.Tensor<{element.CSharp}>({Literal.Of(element.Onnx)})",
                false
            );

    private static NestedType? Sequence(NestedType? item) =>
        item is null or { IsOptional: true }
            ? null
            : new($"{Collections}IReadOnlyList<{item.CSharp}>", $"{RuntimeTypes.OnnxType}.Sequence({item.Runtime})", false);

    private static NestedType? Map(string entry)
    {
        var comma = entry.IndexOf(',');
        if (
            comma < 0
            || ElementType.OfOnnx(entry.Substring(0, comma)) is not { } key
            || Inside(entry.Substring(comma + 1), "tensor") is not { } text
            || ElementType.OfOnnx(text) is not { } value
        )
            return null;
        var types = $"<{key.CSharp}, {value.CSharp}>";
        return new($"{Collections}IReadOnlyDictionary{types}", $"{RuntimeTypes.OnnxType}.Map{types}({Literal.Of(key.Onnx)}, {Literal.Of(value.Onnx)})", false);
    }

    private static NestedType? Optional(NestedType? inner) =>
        inner is null or { IsOptional: true } ? null : new(inner.CSharp + "?", $"{RuntimeTypes.OnnxType}.Optional({inner.Runtime})", true);

    private static string? Inside(string text, string kind)
    {
        var trimmed = text.Trim();
        return trimmed.StartsWith(kind + "(", StringComparison.Ordinal) && trimmed.EndsWith(")", StringComparison.Ordinal)
            ? trimmed.Substring(kind.Length + 1, trimmed.Length - kind.Length - 2)
            : null;
    }
}
