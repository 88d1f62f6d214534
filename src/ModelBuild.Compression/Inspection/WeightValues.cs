using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Inspection;

/// <summary>Computes the weights of a layer as float numbers, also from stored codes.</summary>
internal static class WeightValues
{
    private const long MaxElements = 4 << 20;

    /// <summary>Returns the weights of a layer as real numbers; null if the layer has none, too many, or weights that are not computed as floats.</summary>
    /// <param name="model">The model with its weights.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public static IReadOnlyList<double>? Of(OnnxModel model, LayerShare layer, CancellationToken cancellationToken)
    {
        var main = new Graph(model);
        if (
            main.Producer(layer.Output) is not { } node
            || WeightedOperator.FindAny(node) is not { } found
            || node.InputAt(found.WeightInput) is not { Length: > 0 } weight
        )
            return null;
        if (main.TryGetConstant(weight, out var stored))
            return Numbers(stored);
        var constants = new ConstantNodes(main);
        if (constants.Roots(main, weight).Sum(tensor => tensor.ElementCount()) is 0 or > MaxElements)
            return null;
        return ConstantEvaluator.TryEvaluate(main, constants.Chain(main, weight), [weight], cancellationToken) is { } values ? Numbers(values[weight]) : null;
    }

    private static double[]? Numbers(TensorProto tensor) =>
        tensor.ElementCount() <= MaxElements && tensor.DataType == (int)DataType.Float ? Array.ConvertAll(tensor.ToFloats(), number => (double)number) : null;
}
