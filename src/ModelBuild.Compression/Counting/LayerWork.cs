using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Operators.Undefined;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>
/// Sums the multiply-adds of layers, on which decisions of steps are based. A typical size replaces a size that is unknown before the model runs.
/// </summary>
internal static class LayerWork
{
    // The assumed number of output positions of a convolution with unknown shapes: a 14 × 14 map as in the middle of ImageNet networks.
    private const long TypicalPositions = 196;

    /// <summary>Returns the share (0…1) of the multiply-adds that dynamic quantization would compute in integers; 0 for a model without layers.</summary>
    public static double DynamicShare(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        double total = 0,
            dynamic = 0;
        UndefinedValues? undefined = null;
        foreach (var work in ModelWork.Of(model, inputShapes))
        {
            total += Estimate(work);
            undefined ??= UndefinedValues.Of(Main(work.Scope));
            if (DynamicLayer.IsQuantizable(work.Scope, work.Node, undefined))
                dynamic += Estimate(work);
        }

        return total == 0 ? 0 : dynamic / total;
    }

    /// <summary>Returns the multiply-adds of all layers in one call.</summary>
    public static double Total(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes) => ModelWork.Of(model, inputShapes).Sum(Estimate);

    /// <summary>Returns the multiply-adds of each layer in one call, by the name of its first output.</summary>
    public static IReadOnlyDictionary<string, double> Each(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes) =>
        ModelWork
            .Of(model, inputShapes)
            .GroupBy(work => work.Node.Output[0])
            .ToDictionary(works => works.Key, works => works.Sum(Estimate), StringComparer.Ordinal);

    private static Graph Main(Graph scope) => scope.Parent is { } outer ? Main(outer) : scope;

    // Returns the multiply-adds of a node, or an estimate if its sizes are unknown. The estimate assumes one row for a matrix product, and one time step for a
    // recurrent layer.
    private static double Estimate(NodeWork work) =>
        work.MultiplyAdds
        ?? (double)
            work.Node.Input.Skip(1).Take(2).Sum(input => work.Scope.TryGetConstant(input, out var weight) && weight.Dims.Count > 1 ? weight.ElementCount() : 0)
            * (WeightedOperator.FindAny(work.Node) is { IsConvolution: true } ? TypicalPositions : 1);
}
