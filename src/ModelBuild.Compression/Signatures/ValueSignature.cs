namespace ModelBuild.Compression.Signatures;

/// <summary>The signature of one input or output.</summary>
/// <param name="Name">The name in the graph.</param>
/// <param name="Kind">The kind of the value.</param>
/// <param name="Type">The element type of a tensor, such as <c>float32</c>. For other kinds it is ONNX's text, such as <c>seq(tensor(float))</c>.</param>
/// <param name="Shape">The dimensions; null when the rank is undeclared.</param>
/// <param name="Optional">Whether a caller may omit the value.</param>
internal sealed record ValueSignature(string Name, ValueKind Kind, string Type, IReadOnlyList<Dimension>? Shape, bool Optional = false)
{
    /// <summary>
    /// The dimensions of the tensors inside a sequence or an optional; null when they are undeclared, and for other kinds. The contract does not include
    /// them.
    /// </summary>
    public IReadOnlyList<Dimension>? ElementShape { get; init; }

    /// <summary>The meaning of an output that holds class scores. The contract does not include it.</summary>
    public ScoreKind Scores { get; init; }

    /// <summary>Returns the line of the value in the contract, without the leading <c>in</c> or <c>out</c>.</summary>
    public override string ToString() => $"{Name} {Kind.ToString().ToLowerInvariant()} {Type} {(Shape is null ? "*" : string.Join(',', Shape))}";
}
