using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>A value that is a float32 tensor before conversion. Afterwards it exists in float32, in 16 bits, or in both with a Cast between.</summary>
/// <param name="scope">The scope that defines it.</param>
/// <param name="name">Its name there.</param>
/// <param name="isConstant">Whether it is known, and needs no Cast.</param>
internal sealed class FloatValue(Graph scope, string name, bool isConstant)
{
    public Graph Scope { get; } = scope;

    public string Name { get; } = name;

    public bool IsConstant { get; } = isConstant;

    /// <summary>The node that gives it in the type that it computes in; null for constants, inputs, and what is float32 in any case.</summary>
    public FloatNode? Producer { get; set; }

    /// <summary>Whether it is an input of the model that callers give in 16 bits.</summary>
    public bool IsNarrowInput { get; set; }

    /// <summary>Whether it is an output of its scope, whose name and type others rely on.</summary>
    public bool IsOutput { get; set; }

    /// <summary>The node whose subgraph's output it is.</summary>
    public FloatNode? OutputOf { get; set; }

    /// <summary>Whether it is an output of the model that callers get in 16 bits.</summary>
    public bool IsNarrowOutput { get; set; }

    /// <summary>The nodes that read it in the type that they compute in.</summary>
    public List<FloatNode> Readers { get; } = [];

    /// <summary>Whether something reads it that takes float32 only.</summary>
    public bool IsReadAsFloat32 { get; set; }

    /// <summary>Whether it comes into being in 16 bits.</summary>
    public bool IsNarrow => Producer?.IsNarrow ?? IsNarrowInput;

    /// <summary>Whether its own name stands for 16 bits: as it comes into being, or as an output has to be.</summary>
    public bool IsNamedNarrow => IsOutput ? IsOutputNarrow : IsNarrow;

    /// <summary>Whether anything reads it in 16 bits.</summary>
    public bool WantsNarrow => (IsOutput && IsOutputNarrow) || Readers.Exists(reader => reader.IsNarrow);

    /// <summary>Whether anything reads it in float32.</summary>
    public bool WantsFloat32 => IsReadAsFloat32 || (IsOutput && !IsOutputNarrow) || Readers.Exists(reader => !reader.IsNarrow);

    /// <summary>How many Casts it costs: one at most, however many read it.</summary>
    public int Casts => !IsConstant && (IsNarrow ? WantsFloat32 : WantsNarrow) ? 1 : 0;

    private bool IsOutputNarrow => OutputOf?.IsNarrow ?? IsNarrowOutput;
}
