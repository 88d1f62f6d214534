using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// A value that is a float32 tensor before conversion. After conversion it exists in float32, in 16 bits, or in both with a Cast between them.
/// </summary>
/// <param name="scope">The scope that defines it.</param>
/// <param name="name">The name of the value in that scope.</param>
/// <param name="isConstant">Whether the value is constant, and needs no Cast.</param>
internal sealed class FloatValue(Graph scope, string name, bool isConstant)
{
    public Graph Scope { get; } = scope;

    public string Name { get; } = name;

    public bool IsConstant { get; } = isConstant;

    /// <summary>
    /// The node that computes the value in the type that the node computes in; null for constants, inputs, and values that are always float32.
    /// </summary>
    public FloatNode? Producer { get; set; }

    /// <summary>Whether the value is an input of the model that callers pass in 16 bits.</summary>
    public bool IsNarrowInput { get; set; }

    /// <summary>Whether the value is an output of its scope, whose name and type must not change.</summary>
    public bool IsOutput { get; set; }

    /// <summary>The node that has the subgraph of which the value is an output.</summary>
    public FloatNode? OutputOf { get; set; }

    /// <summary>Whether the value is an output of the model that callers receive in 16 bits.</summary>
    public bool IsNarrowOutput { get; set; }

    /// <summary>The nodes that read the value in the type that they compute in.</summary>
    public List<FloatNode> Readers { get; } = [];

    /// <summary>Whether a reader of the value supports float32 only.</summary>
    public bool IsReadAsFloat32 { get; set; }

    /// <summary>Whether the value is computed in 16 bits.</summary>
    public bool IsNarrow => Producer?.IsNarrow ?? IsNarrowInput;

    /// <summary>Whether the value's original name refers to the 16-bit form: the form in which it is computed, or the form that an output must have.</summary>
    public bool IsNamedNarrow => IsOutput ? IsOutputNarrow : IsNarrow;

    /// <summary>Whether a reader needs the value in 16 bits.</summary>
    public bool NeedsNarrow => (IsOutput && IsOutputNarrow) || Readers.Exists(reader => reader.IsNarrow);

    /// <summary>Whether a reader needs the value in float32.</summary>
    public bool NeedsFloat32 => IsReadAsFloat32 || (IsOutput && !IsOutputNarrow) || Readers.Exists(reader => !reader.IsNarrow);

    /// <summary>The number of Casts for the value: one at most, for any number of readers.</summary>
    public int Casts => !IsConstant && (IsNarrow ? NeedsFloat32 : NeedsNarrow) ? 1 : 0;

    private bool IsOutputNarrow => OutputOf?.IsNarrow ?? IsNarrowOutput;
}
