using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>A node that reads or gives float32 tensors.</summary>
/// <param name="scope">The scope it is in.</param>
/// <param name="proto">The node.</param>
/// <param name="ordinal">Its place among the nodes of all scopes, the same in each copy of a model.</param>
/// <param name="rule">How its operator takes 16-bit floats; null when it does not.</param>
internal sealed class FloatNode(Graph scope, NodeProto proto, int ordinal, OperatorRule? rule)
{
    public Graph Scope { get; } = scope;

    public NodeProto Proto { get; } = proto;

    public int Ordinal { get; } = ordinal;

    public OperatorRule? Rule { get; } = rule;

    /// <summary>Why it stays float32; null when it need not.</summary>
    public string? WhyFloat32 { get; set; }

    /// <summary>Whether it computes in 16 bits.</summary>
    public bool IsNarrow { get; set; }

    /// <summary>The values that it reads in the type that it computes in.</summary>
    public List<FloatValue> Inputs { get; } = [];

    /// <summary>The values that it gives in the type that it computes in.</summary>
    public List<FloatValue> Outputs { get; } = [];

    /// <summary>What it is called: its name, or one made of its operator and its first output.</summary>
    public string Label => LabelOf(Proto);

    public static string LabelOf(NodeProto node) => node.Name.Length > 0 ? node.Name : $"{node.OpType}_{node.Output.FirstOrDefault()}";
}
