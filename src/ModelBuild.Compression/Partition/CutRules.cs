using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Partition;

/// <summary>
/// Decides which values may cross from one stage to another. A cut inside nodes that ONNX Runtime runs as one kernel (a convolution with its activation, a
/// quantized layer, LayerNormalization, Gelu, attention) makes the stages slower than the whole model and rounds in other places. The graph that ONNX Runtime
/// optimizes shows the fusions for all CPUs: its remaining values lie between kernels. Fusions on some CPUs only (a convolution with a sum and an activation)
/// are recognized from the neighbouring nodes.
/// </summary>
internal sealed class CutRules
{
    // The size in bytes of the largest model that ONNX Runtime optimizes to find fusions, because the optimization loads all weights into memory.
    private const long MaxOptimizedBytes = 1L << 30;

    // The elementwise operators. ONNX Runtime fuses a node with such an operator with the node before it.
    private static readonly HashSet<string> Elementwise = new(
        [
            "Abs",
            "Add",
            "BatchNormalization",
            "BiasGelu",
            "Cast",
            "Clip",
            "Div",
            "Elu",
            "Erf",
            "Exp",
            "FastGelu",
            "Gelu",
            "HardSigmoid",
            "HardSwish",
            "LeakyRelu",
            "Mish",
            "Mul",
            "Neg",
            "Pow",
            "PRelu",
            "QuickGelu",
            "Relu",
            "Selu",
            "Sigmoid",
            "Softplus",
            "Softsign",
            "Sqrt",
            "Sub",
            "Tanh",
            "ThresholdedRelu",
        ],
        StringComparer.Ordinal
    );

    // The operators whose output ONNX Runtime fuses with the node that reads it.
    private static readonly HashSet<string> Giving = new(["ConvInteger", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger"], StringComparer.Ordinal);

    private readonly Graph _main;
    private readonly HashSet<string>? _visible;

    public CutRules(Graph main)
    {
        _main = main;
        _visible = Visible(main.Model);
    }

    /// <summary>Returns whether a value may cross a cut under the given strictness.</summary>
    public bool Allows(CrossingValue value, CutCare care) =>
        value.Declared is { } tensor
        && (care == CutCare.None || !BelongsToNeighbour(value.Name, IsIndex(tensor.Type)))
        && (care >= CutCare.Neighbours || (care == CutCare.FusionsOfFloats && IsIndex(tensor.Type)) || _visible is null || _visible.Contains(value.Name));

    private static bool IsIndex(DataType type) => type is DataType.Int64 or DataType.Int32 or DataType.Bool;

    private bool BelongsToNeighbour(string value, bool isIndex)
    {
        var readers = _main.Consumers(value);
        return (_main.Producer(value) is { } producer && Giving.Contains(producer.OpType))
            || readers.Any(reader => reader.Node.OpType == "QuantizeLinear")
            || (!isIndex && readers.Count > 0 && readers.All(reader => Elementwise.Contains(reader.Node.OpType)));
    }

    private static HashSet<string>? Visible(OnnxModel model)
    {
        if (model.Size() > MaxOptimizedBytes)
            return null;
        try
        {
            return [.. new Graph(OptimizedGraph.Of(model)).Nodes.SelectMany(node => node.Output).Where(value => value.Length > 0)];
        }
        catch (OnnxRuntimeException)
        {
            // ONNX Runtime does not load a model for a provider that is missing on this machine. Then only the neighbouring nodes decide which values may
            // cross.
            return null;
        }
    }
}
