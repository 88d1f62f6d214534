using System.Diagnostics.CodeAnalysis;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Operators;

/// <summary>
/// The catalogue of operators that multiply by weights or look them up: which input holds what, and how the weights are laid out (ONNX operator
/// specifications; ONNX Runtime's contributed operators). Which of these a step changes is the decision of the step.
/// </summary>
/// <param name="Kind">The arithmetic.</param>
/// <param name="ActivationInput">The index of the input that differs from call to call.</param>
/// <param name="WeightInput">The index of the weights.</param>
/// <param name="BiasInput">The index of the bias; null for an operator without one.</param>
/// <param name="RecurrenceInput">The index of the weights that multiply the state; null for all but recurrent layers.</param>
internal sealed record WeightedOperator(WeightedKind Kind, int ActivationInput, int WeightInput, int? BiasInput, int? RecurrenceInput = null)
{
    private static readonly Dictionary<(string Domain, string OpType), WeightedOperator> All = new()
    {
        [("", "Conv")] = new(WeightedKind.Convolution, 0, 1, 2) { IsLinear = true },
        [("", "ConvTranspose")] = new(WeightedKind.TransposedConvolution, 0, 1, 2) { IsLinear = true },
        [("", "Gemm")] = new(WeightedKind.Product, 0, 1, 2) { IsLinear = true },
        [("", "MatMul")] = new(WeightedKind.Product, 0, 1, null) { IsLinear = true },
        [("", "LSTM")] = new(WeightedKind.Recurrent, 0, 1, 3, RecurrenceInput: 2),
        [("", "GRU")] = new(WeightedKind.Recurrent, 0, 1, 3, RecurrenceInput: 2),
        [("", "RNN")] = new(WeightedKind.Recurrent, 0, 1, 3, RecurrenceInput: 2),
        [("", "Gather")] = new(WeightedKind.Embedding, 1, 0, null),
        [(Domains.Microsoft, "FusedConv")] = new(WeightedKind.Convolution, 0, 1, 2),
        [(Domains.Microsoft, "FusedGemm")] = new(WeightedKind.Product, 0, 1, 2),
        [(Domains.Microsoft, "FusedMatMul")] = new(WeightedKind.Product, 0, 1, null),
        [(Domains.Microsoft, "Attention")] = new(WeightedKind.Product, 0, 1, 2),
    };

    /// <summary>
    /// Whether the result is W·x + b and nothing else: Conv, ConvTranspose, Gemm and MatMul of the ONNX standard. The fused forms apply an activation too.
    /// </summary>
    public bool IsLinear { get; private init; }

    /// <summary>Whether the weights have a kernel behind the two axes of channels.</summary>
    public bool IsConvolution => Kind is WeightedKind.Convolution or WeightedKind.TransposedConvolution;

    /// <summary>The description of a node's operator; null for an operator without weights, or of a domain that the catalogue does not have.</summary>
    public static WeightedOperator? Find(NodeProto node) => All.GetValueOrDefault((Domains.Normalize(node.Domain), node.OpType));

    /// <summary>The description of the operator of a node that is known to have weights.</summary>
    /// <exception cref="ArgumentException">The operator is not in the catalogue.</exception>
    public static WeightedOperator Of(NodeProto node) =>
        Find(node) ?? throw new ArgumentException($"{node.OpType} of the domain '{node.Domain}' is no operator with weights.", nameof(node));

    /// <summary>The description of a linear operator; null for every other node.</summary>
    public static WeightedOperator? FindLinear(NodeProto node) => Find(node) is { IsLinear: true } found ? found : null;

    /// <summary>Finds the layer that a node is.</summary>
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
            _ => null,
        };

    /// <summary>The axis of the weight tensor that counts input channels; null where no axis of a matrix does.</summary>
    public int? InputAxis(NodeProto node) => 1 - OutputAxis(node);

    /// <summary>The number of groups that the channels are in; 1 for everything but grouped convolutions.</summary>
    public int Groups(NodeProto node) => IsConvolution ? (int)node.GetInt("group", 1) : 1;

    /// <summary>The factor of the product.</summary>
    public float Alpha(NodeProto node) => ScalesProduct(node) ? node.GetFloat("alpha", 1) : 1;

    /// <summary>The factor of the bias.</summary>
    public float Beta(NodeProto node) => ScalesProduct(node) && BiasInput is not null ? node.GetFloat("beta", 1) : 1;

    /// <summary>Whether the node transposes its activation before it multiplies.</summary>
    public bool IsInputTransposed(NodeProto node) => TransposesOperands(node) && node.GetInt("transA") != 0;

    /// <summary>Whether the node transposes its weights before it multiplies.</summary>
    public bool IsWeightTransposed(NodeProto node) => TransposesOperands(node) && node.GetInt("transB") != 0;

    private bool ScalesProduct(NodeProto node) => Kind == WeightedKind.Product && node.OpType is not ("MatMul" or "Attention");

    private bool TransposesOperands(NodeProto node) => ScalesProduct(node);
}
