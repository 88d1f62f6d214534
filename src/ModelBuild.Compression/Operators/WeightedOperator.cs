using System.Diagnostics.CodeAnalysis;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>
/// Describes an operator that multiplies by weights or looks them up: which input holds the weights and other tensors, and how the weights are laid out (ONNX
/// operator specifications; ONNX Runtime's contributed operators). Each step decides which of these operators it changes.
/// </summary>
/// <param name="Kind">The arithmetic.</param>
/// <param name="ActivationInput">The index of the input that differs from call to call.</param>
/// <param name="WeightInput">The index of the weights.</param>
/// <param name="BiasInput">The index of the bias; null for an operator without one.</param>
/// <param name="RecurrenceInput">The index of the weights that multiply the state; null for all but recurrent layers.</param>
internal sealed record WeightedOperator(WeightedKind Kind, int ActivationInput, int WeightInput, int? BiasInput, int? RecurrenceInput = null)
{
    /// <summary>
    /// Whether the result is W·x + b and nothing else: Conv, ConvTranspose, Gemm and MatMul of the ONNX standard. The fused forms apply an activation too.
    /// </summary>
    public bool IsLinear { get; init; }

    /// <summary>Whether the operator may have the attributes alpha, beta, transA and transB of a product.</summary>
    public bool HasFactors { get; init; }

    /// <summary>The index of the keys and values of earlier calls; null for an operator without attention.</summary>
    public int? PastInput { get; init; }

    /// <summary>The index of the weights of an LSTM that multiply its cell state; null for every other operator.</summary>
    public int? PeepholeInput { get; init; }

    /// <summary>
    /// Whether the node's attributes N and K hold the shape of the weights [N, K], because the tensor holds packed blocks of them.
    /// </summary>
    public bool IsPacked { get; init; }

    /// <summary>Whether the weights have a kernel behind the two axes of channels.</summary>
    public bool IsConvolution => Kind is WeightedKind.Convolution or WeightedKind.TransposedConvolution;

    /// <summary>
    /// The description of a node's operator; null for an operator without weights in floats, or of a domain that the catalogue does not have.
    /// </summary>
    public static WeightedOperator? Find(NodeProto node) => WeightedOperatorTable.Floats.GetValueOrDefault(Key(node));

    /// <summary>
    /// The description of a node's operator, whose weights may also be integer codes or in an order that ONNX Runtime makes; null for every other operator.
    /// </summary>
    public static WeightedOperator? FindStored(NodeProto node) => WeightedOperatorTable.Stored.GetValueOrDefault(Key(node));

    /// <summary>The description of a node's operator in any form; null for an operator without weights.</summary>
    public static WeightedOperator? FindAny(NodeProto node) => Find(node) ?? FindStored(node);

    /// <summary>The description of the operator of a node that is known to have weights.</summary>
    /// <exception cref="ArgumentException">The operator is not in the catalogue.</exception>
    public static WeightedOperator Of(NodeProto node) =>
        Find(node) ?? throw new ArgumentException($"{node.OpType} of the domain '{node.Domain}' is no operator with weights.", nameof(node));

    /// <summary>The description of a linear operator; null for every other node.</summary>
    public static WeightedOperator? FindLinear(NodeProto node) => Find(node) is { IsLinear: true } found ? found : null;

    /// <summary>The description of a recurrent layer with weights in floats; null for every other node.</summary>
    public static WeightedOperator? FindRecurrent(NodeProto node) => Find(node) is { Kind: WeightedKind.Recurrent } found ? found : null;

    /// <summary>The arithmetic of a linear operator; null for every other node.</summary>
    public static WeightedKind? LinearKind(NodeProto node) => FindLinear(node)?.Kind;

    /// <summary>Whether an operator of the ONNX standard is linear.</summary>
    /// <param name="opType">The name of the operator.</param>
    public static bool IsLinearName(string opType) => WeightedOperatorTable.Floats.GetValueOrDefault(("", opType)) is { IsLinear: true };

    /// <summary>Whether the node is a matrix product of the ONNX standard: MatMul or Gemm.</summary>
    public static bool IsLinearProduct(NodeProto node) => LinearKind(node) == WeightedKind.Product;

    /// <summary>Returns the description of a node as a layer with constant weights, or the reason why the node is not such a layer.</summary>
    /// <param name="scope">The scope of the node.</param>
    /// <param name="node">The node.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="refusal">Why a node of an operator with weights is no layer; null for a node of another operator.</param>
    /// <returns>Whether the node is a layer with constant weights.</returns>
    public static bool TryMatch(Graph scope, NodeProto node, [NotNullWhen(true)] out WeightedLayer? layer, out Refusal? refusal)
    {
        (layer, refusal) = (null, null);
        if (Find(node) is not { } found || node.Input.Count <= found.WeightInput)
            return false;
        var name = node.Input[found.WeightInput];
        if (scope.TryGetConstant(name, out var weight))
            layer = new WeightedLayer(found, scope, node, scope.ScopeOf(name)!, weight);
        else
            refusal = Refusal.WeightsNotConstant;
        return layer is not null;
    }

    /// <summary>The axis of the weight tensor that counts output channels; null where no axis of a matrix does.</summary>
    public int? OutputAxis(NodeProto node) =>
        Kind switch
        {
            WeightedKind.Convolution => 0,
            WeightedKind.TransposedConvolution => 1,
            WeightedKind.Product => IsWeightTransposed(node) ? 0 : 1,
            WeightedKind.Attention => 1,
            _ => null,
        };

    /// <summary>The axis of the weight tensor that counts input channels; null where no axis of a matrix does.</summary>
    public int? InputAxis(NodeProto node) => 1 - OutputAxis(node);

    /// <summary>
    /// The axes of the weight tensor along which each output has its own elements. The first axes of a tensor of more than two dimensions count the matrices
    /// of a product.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="rank">The number of dimensions of the weights.</param>
    public bool[] OwnAxes(NodeProto node, int rank)
    {
        var shared = Kind is WeightedKind.Product or WeightedKind.Attention ? rank - 2 + InputAxis(node) : rank - 1;
        return IsConvolution
            ? [.. Enumerable.Range(0, rank).Select(axis => axis == OutputAxis(node))]
            : [.. Enumerable.Range(0, rank).Select(axis => shared >= 0 && axis != shared)];
    }

    /// <summary>The inputs that may be weights or biases. Other inputs are scales, zero points, sizes and states.</summary>
    public IEnumerable<int> Parameters =>
        new[]
        {
            Kind is WeightedKind.Recurrent or WeightedKind.Embedding ? null : (int?)ActivationInput,
            WeightInput,
            RecurrenceInput,
            BiasInput,
            PeepholeInput,
        }.OfType<int>();

    /// <summary>Whether the node is a convolution in groups of one input channel each, or a transposed one in groups of one output channel each.</summary>
    /// <param name="node">The node.</param>
    /// <param name="weightShape">The shape of its weights; null where it is unknown.</param>
    public bool IsDepthwise(NodeProto node, IReadOnlyList<long>? weightShape) => Groups(node) > 1 && weightShape is { Count: > 1 } shape && shape[1] == 1;

    /// <summary>The number of groups that the channels are in; 1 for everything but grouped convolutions.</summary>
    public int Groups(NodeProto node) => IsConvolution ? (int)node.GetInt("group", 1) : 1;

    /// <summary>The factor of the product of activation and weights that a node has, such as Gemm's alpha; 1 for other operators.</summary>
    public float Alpha(NodeProto node) => HasFactors ? node.GetFloat("alpha", 1) : 1;

    /// <summary>The factor that multiplies the bias of a node, such as Gemm's beta; 1 for other operators.</summary>
    public float Beta(NodeProto node) => HasFactors && BiasInput is not null ? node.GetFloat("beta", 1) : 1;

    /// <summary>Whether the node transposes its activation before it multiplies.</summary>
    public bool IsInputTransposed(NodeProto node) => HasFactors && node.GetInt("transA") != 0;

    /// <summary>Whether the node transposes its weights before it multiplies.</summary>
    public bool IsWeightTransposed(NodeProto node) => HasFactors && node.GetInt("transB") != 0;

    private static (string Domain, string OpType) Key(NodeProto node) => (Domains.Normalize(node.Domain), node.OpType);
}
