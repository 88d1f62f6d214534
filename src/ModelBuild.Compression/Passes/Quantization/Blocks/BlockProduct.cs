using System.Diagnostics.CodeAnalysis;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>A MatMul or Gemm with a constant matrix of float32 weights.</summary>
/// <param name="Scope">The scope of the node.</param>
/// <param name="Node">The node.</param>
/// <param name="Owner">The scope of the weights.</param>
/// <param name="WeightName">The name of the weights.</param>
/// <param name="Weights">The weights, multiplied by Gemm's alpha.</param>
internal sealed record BlockProduct(Graph Scope, NodeProto Node, Graph Owner, string WeightName, WeightMatrix Weights)
{
    // The smallest number of weights of a product that is changed. For fewer weights, the new operator takes more time than the smaller weights save.
    private const int MinWeights = 2048;

    // A product is changed only if the ratio of its new size to its old size is at most this number. The new size includes scales and names.
    private const double WorthwhileShare = 0.9;

    private const int NodeBytes = 256;

    /// <summary>Matches a node that is a matrix product.</summary>
    /// <param name="scope">The node's scope.</param>
    /// <param name="node">The node.</param>
    /// <param name="bits">The number of bits of the codes.</param>
    /// <param name="product">The product.</param>
    /// <param name="why">The reason why the node does not match; null if it matches.</param>
    public static bool TryMatch(Graph scope, NodeProto node, int bits, [NotNullWhen(true)] out BlockProduct? product, [NotNullWhen(false)] out Refusal? why)
    {
        product = null;
        var found = WeightedOperator.Of(node);
        // The weights may be transposed by a Transpose node: the head of a language model multiplies the transposed embedding table.
        var turn = scope.Producer(node.Input[1]) is { } producer && producer.Is("Transpose") && producer.GetInts("perm") is [1, 0] ? producer : null;
        var name = turn is null ? node.Input[1] : turn.Input[0];
        if (!scope.TryGetConstant(name, out var weight))
            why = Refusal.OperandNotConstant;
        else if (weight.DataType != (int)TensorProto.Types.DataType.Float)
            why = Refusal.NotFloat32;
        else if (weight.Dims.Count != 2)
            why = Refusal.Rank(weight, 2);
        else if (found.IsInputTransposed(node))
            why = Refusal.TransposedInput;
        else if (scope.ScopeOf(name) is not { } owner || owner.IsOutputAnywhere(name))
            why = Refusal.OutputWeights;
        else if (weight.ElementCount() < MinWeights || weight.ElementCount() * (bits + 2) / 8 + NodeBytes > weight.RawData.Length * WorthwhileShare)
            why = Refusal.TooSmall;
        else if (Refusal.OfNotFinite(weight.Span<float>()) is { } notFinite)
            why = notFinite;
        else
        {
            var alpha = found.Alpha(node);
            var isByRows = (found.OutputAxis(node) == 0) != (turn is not null);
            var matrix = isByRows ? WeightMatrix.ByRows(weight, weight.Dims[0], alpha) : WeightMatrix.ByColumns(weight, alpha);
            (product, why) = (new BlockProduct(scope, node, owner, name, matrix), null);
        }

        return product is not null;
    }
}
