using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>
/// A <c>Conv</c>, <c>ConvTranspose</c>, <c>Gemm</c> or <c>MatMul</c> with constant float32 weights, whose output channels can be scaled and shifted.
/// </summary>
/// <param name="Node">The node.</param>
/// <param name="Weight">Its weights.</param>
/// <param name="WeightAxis">The axis of the weights that counts the output channels of one group.</param>
/// <param name="Bias">The bias, one number for each channel; zeros if the layer has none.</param>
internal sealed record LinearLayer(NodeProto Node, TensorProto Weight, int WeightAxis, double[] Bias)
{
    // The largest size in bytes of a weight that may be copied although other nodes read it.
    private const int AllowedGrowth = 1024;

    /// <summary>The description of the operator of the layer's node.</summary>
    public WeightedOperator Operator => WeightedOperator.Of(Node);

    /// <summary>The number of output channels.</summary>
    public int Channels => Bias.Length;

    /// <summary>The axis of the output that counts channels, counted from the end: 1 for the last.</summary>
    public int ChannelsFromEnd => Operator.IsConvolution ? Weight.Dims.Count - 1 : 1;

    /// <summary>Returns the layer that computes a value; null if there is none, or if its weights or bias cannot be changed.</summary>
    public static LinearLayer? Behind(Site site, string value)
    {
        if (
            site.SoleProducer(value, "Conv", "ConvTranspose", "Gemm", "MatMul") is not { } node
            || node.Input.Count < 2
            || WeightAxisOf(node) is not { } axis
            || Float(site, node.Input[1]) is not { } weight
            || weight.Dims.Count <= axis
            || (WeightedOperator.Of(node).BiasInput is null && weight.Dims.Count != 2)
        )
            return null;
        var channels = weight.Dims[axis] * (WeightedOperator.Of(node) is { Kind: WeightedKind.TransposedConvolution } found ? found.Groups(node) : 1);
        return Biases(site, node, channels) is { } bias ? new LinearLayer(node, weight, axis, bias) : null;
    }

    /// <summary>
    /// Whether the weights may be scaled. If they have other readers, they must be small, because both the old and the new weights are stored.
    /// </summary>
    public bool CanScale(Site site) => Weight.RawData.Length <= AllowedGrowth || site.Scope.ScopeOf(Node.Input[1])?.Consumers(Node.Input[1]).Count <= 1;

    /// <summary>Returns the tensor of a float32 constant; null for any other value.</summary>
    public static TensorProto? Float(Site site, string value) => site.Constant(value) is { DataType: (int)DataType.Float } tensor ? tensor : null;

    private static double[]? Biases(Site site, NodeProto node, long channels)
    {
        var bias = new double[channels];
        if (node.InputAt(2).Length == 0)
            return bias;
        // A Gemm whose bias is one column is not supported: Gemm broadcasts such a bias so that it has a number for each row, and not for each channel.
        if (
            Float(site, node.Input[2]) is not { } tensor
            || tensor.ElementCount() is var length && length != 1 && (length != channels || tensor.Dims[^1] != channels)
        )
            return null;
        var values = tensor.ToFloats();
        for (var c = 0; c < channels; c++)
            bias[c] = values[values.Length == 1 ? 0 : c];
        return bias;
    }

    // Returns the axis of the output channels; null if the node is not a supported layer. A Gemm whose alpha or beta is not 1 is not supported, because
    // exporters do not write such a node before one that can be folded.
    private static int? WeightAxisOf(NodeProto node) =>
        WeightedOperator.FindLinear(node) is { } found && found.Alpha(node) == 1 && found.Beta(node) == 1 ? found.OutputAxis(node) : null;
}
