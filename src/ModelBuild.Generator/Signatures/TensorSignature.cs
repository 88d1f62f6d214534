namespace ModelBuild.Generator.Signatures;

/// <summary>Represents an input or output of the model in the signature file.</summary>
/// <param name="Name">The name in the model.</param>
/// <param name="Kind">The kind of the value: tensor, sparse, sequence, map or optional.</param>
/// <param name="Type">The ONNX element type of a tensor, or ONNX's text for the type of another value.</param>
/// <param name="Shape">The dimensions; null if the rank is undeclared, and for values other than tensors.</param>
/// <param name="Scores">The kind of class scores of an output: <c>probabilities</c> or <c>log-probabilities</c>; null for logits.</param>
/// <param name="Member">The name in C# that the project sets; null if it sets none.</param>
/// <param name="ElementShape">The dimensions of the tensors in a sequence, map or optional; null if they are undeclared.</param>
internal sealed record TensorSignature(
    string Name,
    string Kind,
    string Type,
    EquatableArray<DimensionSignature>? Shape,
    EquatableArray<DimensionSignature>? ElementShape = null,
    string? Scores = null,
    string? Member = null
)
{
    public bool IsTensor => Kind == "tensor";

    public bool IsScalar => Shape is { Count: 0 };

    /// <summary>Gets the sizes of the dimensions, 0 for a dynamic dimension; null if the rank is undeclared.</summary>
    public IReadOnlyList<int>? Sizes => Shape is { } shape ? [.. shape.Select(dimension => (int)(dimension.Size ?? 0))] : null;

    /// <summary>Gets the type and shape for messages: <c>float32[batch, 1, 28, 28]</c>.</summary>
    public string Display =>
        !IsTensor ? Type
        : Shape is { } shape ? $"{Type}[{string.Join(", ", shape)}]"
        : $"{Type}[*]";
}
