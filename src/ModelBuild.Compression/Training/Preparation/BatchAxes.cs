using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>
/// The dimension of each input that counts the rows of a batch: the first dimension if its declared size is dynamic or 1. If the first size is fixed, it is the
/// second dimension under the same condition, as in a recurrent state [2, 1, 128]. A scalar, and a vector of fixed length, have no such dimension.
/// </summary>
internal static class BatchAxes
{
    /// <summary>The symbol of the number of rows in a model whose batch is dynamic.</summary>
    public const string Symbol = "batch";

    /// <summary>Finds the dimensions of the batch by the names of the inputs, or the reason why there are none.</summary>
    public static (IReadOnlyDictionary<string, int> Axes, BatchObstacle? Obstacle) Find(OnnxModel model)
    {
        var axes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var input in model.Proto.Graph.Input)
        {
            if (input.Type?.TensorType?.Shape?.Dim is not { Count: > 0 } sizes)
                continue;
            if (IsRow(sizes[0]))
                axes[input.Name] = 0;
            else if (sizes.Count > 1 && IsRow(sizes[1]))
                axes[input.Name] = 1;
            else if (sizes.Count > 1)
                return (axes, new BatchObstacle(BatchFault.FixedBatchOfSeveral, $"its input '{input.Name}' has a fixed first size of {sizes[0].DimValue}"));
        }

        return (axes, axes.Count > 0 ? null : new BatchObstacle(BatchFault.NoBatchInput, "none of its inputs has a dimension for the rows of a batch"));
    }

    /// <summary>
    /// Makes the dimensions of the batch dynamic, with one symbol for all of them, and removes the declared shapes of all other values, which may contain the
    /// old size.
    /// </summary>
    public static void Open(OnnxModel model, IReadOnlyDictionary<string, int> axes)
    {
        var graph = model.Proto.Graph;
        foreach (var input in graph.Input.Where(input => axes.ContainsKey(input.Name)))
            input.Type.TensorType.Shape.Dim[axes[input.Name]] = new TensorShapeProto.Types.Dimension { DimParam = Symbol };
        foreach (var scope in new Graph(model).SelfAndSubgraphs())
        {
            scope.Proto.ValueInfo.Clear();
            foreach (var output in scope.Proto.Output)
                if (output.Type?.TensorType is { } tensor)
                    tensor.Shape = null;
        }
    }

    /// <summary>Returns the shapes of the inputs of a sample of one row for another number of rows.</summary>
    public static Dictionary<string, long[]> Shapes(Sample row, IReadOnlyDictionary<string, int> axes, long rows)
    {
        var shapes = row.Inputs.ToDictionary(input => input.Key, input => (long[])input.Value.Shape.Clone(), StringComparer.Ordinal);
        foreach (var (name, axis) in axes)
            if (shapes.TryGetValue(name, out var shape))
                shape[axis] = rows;
        return shapes;
    }

    private static bool IsRow(TensorShapeProto.Types.Dimension size) => !size.HasDimValue || size.DimValue == 1;
}
