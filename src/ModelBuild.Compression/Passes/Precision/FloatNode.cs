using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>A node that reads or computes float32 tensors.</summary>
/// <param name="scope">The scope of the node.</param>
/// <param name="proto">The node.</param>
/// <param name="ordinal">The position of the node among the nodes of all scopes, which is the same in each clone of a model.</param>
/// <param name="rule">The rule for 16-bit floats of its operator; null if the operator does not support them.</param>
internal sealed class FloatNode(Graph scope, NodeProto proto, int ordinal, OperatorRule? rule)
{
    public Graph Scope { get; } = scope;

    public NodeProto Proto { get; } = proto;

    public int Ordinal { get; } = ordinal;

    public OperatorRule? Rule { get; } = rule;

    /// <summary>The reason why the node stays float32; null if it can be converted.</summary>
    public string? WhyFloat32 { get; set; }

    /// <summary>Whether the node computes in 16 bits.</summary>
    public bool IsNarrow { get; set; }

    /// <summary>The inputs whose type is the type that the node computes in.</summary>
    public List<FloatValue> Inputs { get; } = [];

    /// <summary>The outputs whose type is the type that the node computes in.</summary>
    public List<FloatValue> Outputs { get; } = [];

    /// <summary>The node label: the name of the node, or a label that is composed of its operator and its first output.</summary>
    public string Label => NodeLabel.NewName(Proto);
}
