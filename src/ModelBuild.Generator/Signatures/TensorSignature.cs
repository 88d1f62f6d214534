namespace ModelBuild.Generator.Signatures;

/// <summary>An input or output of the model, as the signature file tells it.</summary>
/// <param name="Name">The raw ONNX name.</param>
/// <param name="Kind">tensor, sparse, sequence, map or optional.</param>
/// <param name="Type">ONNX's element type; for kinds other than tensor ONNX's own text for the type.</param>
/// <param name="Shape">The dimensions; null when even the rank is unknown, and for kinds other than tensor.</param>
/// <param name="Scores">What an output is if it is class scores: <c>probabilities</c>, <c>log-probabilities</c>, or null for logits.</param>
/// <param name="Member">The name in C# that the project chose, or null.</param>
/// <param name="ElementShape">The dimensions of the tensors inside another kind; null when they are unknown.</param>
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

    /// <summary>Type and shape for people: <c>float32[batch, 1, 28, 28]</c>.</summary>
    public string Display =>
        !IsTensor ? Type
        : Shape is { } shape ? $"{Type}[{string.Join(", ", shape)}]"
        : $"{Type}[*]";
}
