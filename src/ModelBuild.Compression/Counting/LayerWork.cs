using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Operators.Undefined;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>Sums up multiply-adds for decisions, by static rules only: where a size is not known before the model runs, a typical one stands in.</summary>
internal static class LayerWork
{
    // The output of a convolution inside branches, or behind data-dependent shapes: a 14 × 14 map, ImageNet networks' middle.
    private const long TypicalPositions = 196;

    /// <summary>The share (0…1) of the multiply-adds that dynamic quantization would take over; 0 for a model without layers.</summary>
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

    /// <summary>The multiply-adds of all layers in one call.</summary>
    public static double Total(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes) => ModelWork.Of(model, inputShapes).Sum(Estimate);

    /// <summary>The multiply-adds of each layer in one call, by the first of its outputs.</summary>
    public static IReadOnlyDictionary<string, double> Each(OnnxModel model, IReadOnlyDictionary<string, long[]> inputShapes) =>
        ModelWork
            .Of(model, inputShapes)
            .GroupBy(work => work.Node.Output[0])
            .ToDictionary(works => works.Key, works => works.Sum(Estimate), StringComparer.Ordinal);

    private static Graph Main(Graph scope) => scope.Parent is { } outer ? Main(outer) : scope;

    // Of a matrix product one row, of a recurrent layer one step.
    private static double Estimate(NodeWork work) =>
        work.MultiplyAdds
        ?? (double)
            work.Node.Input.Skip(1).Take(2).Sum(input => work.Scope.TryGetConstant(input, out var weight) && weight.Dims.Count > 1 ? weight.ElementCount() : 0)
            * (work.Node.OpType.Contains("Conv", StringComparison.Ordinal) ? TypicalPositions : 1);
}
