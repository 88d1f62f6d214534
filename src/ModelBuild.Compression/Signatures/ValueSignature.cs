namespace ModelBuild.Compression.Signatures;

/// <summary>One input or output.</summary>
/// <param name="Name">The name in the graph.</param>
/// <param name="Kind">What kind of value it is.</param>
/// <param name="Type">The element type of a tensor, such as <c>float32</c>; for other kinds ONNX's text, such as <c>seq(tensor(float))</c>.</param>
/// <param name="Shape">The dimensions; null when even their number is unknown.</param>
/// <param name="Optional">Whether the value may be left out.</param>
public sealed record ValueSignature(string Name, ValueKind Kind, string Type, IReadOnlyList<Dimension>? Shape, bool Optional = false)
{
    /// <summary>The dimensions of the tensors inside a sequence or an optional; null when they are unknown, and for other kinds. No part of the contract.</summary>
    public IReadOnlyList<Dimension>? ElementShape { get; init; }

    /// <summary>What an output is if it is class scores. No part of the contract.</summary>
    public ScoreKind Scores { get; init; }

    /// <summary>The value's line of the contract, without the leading <c>in</c> or <c>out</c>.</summary>
    public override string ToString() => $"{Name} {Kind.ToString().ToLowerInvariant()} {Type} {(Shape is null ? "*" : string.Join(',', Shape))}";
}
