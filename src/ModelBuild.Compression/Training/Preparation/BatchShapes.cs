using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>
/// Finds the dimension of a value that grows with the batch. The shapes of the value are inferred for one row and for a batch. A graph that ends at the value
/// is inferred, because later nodes may not yet accept a batch.
/// </summary>
/// <param name="model">The model, which is edited between the calls.</param>
/// <param name="row">A sample of one row.</param>
/// <param name="axes">The dimension of the rows of each input.</param>
internal sealed class BatchShapes(OnnxModel model, Sample row, IReadOnlyDictionary<string, int> axes)
{
    // The number of rows of a batch for which shapes are inferred. A dimension that is larger by this factor than for one row depends on the number of rows.
    private const long Rows = 7;

    // The shapes of all values for one row, which the edits of the model do not change.
    private readonly IReadOnlyDictionary<string, InferredTensor> _one = ShapeInference.Describe(
        model,
        BatchAxes.Shapes(row, axes, 1),
        model.Proto.Graph.Node.SelectMany(node => node.Output).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal),
        computes: true
    );

    /// <summary>Returns the sizes of a value for one row; null if a size is not known.</summary>
    public long[]? ForOneRow(Graph graph, string value) =>
        graph.TryGetConstant(value, out var constant) ? [.. constant.Dims]
        : row.Inputs.TryGetValue(value, out var input) ? input.Shape
        : _one.GetValueOrDefault(value) is { Shape: { Length: > 0 } shape } && shape.All(size => size >= 0) ? shape
        : null;

    /// <summary>Returns, for each value that grows with the batch, the dimension that grows. Other values are not included.</summary>
    public IReadOnlyDictionary<string, int> Find(Graph graph, IEnumerable<string> values)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        string[] computed = [.. values.Where(value => graph.Producer(value) is { } node && !node.Is("Constant")).Distinct(StringComparer.Ordinal)];
        foreach (var value in values)
            if (axes.TryGetValue(value, out var axis))
                found[value] = axis;
        if (computed.Length == 0)
            return found;
        foreach (var (value, tensor) in ShapeInference.Describe(Prefix(computed), BatchAxes.Shapes(row, axes, Rows), computed, computes: true))
            if (ForOneRow(graph, value) is { } one && Axis(one, tensor.Shape) is { } axis)
                found[value] = axis;
        return found;
    }

    private OnnxModel Prefix(string[] values)
    {
        var copy = model.Clone();
        var graph = new Graph(copy);
        graph.SetOutputs(values);
        new DeadCodeElimination().Apply(graph, CancellationToken.None);
        return copy;
    }

    private static int? Axis(long[] one, long[] batch)
    {
        if (one.Length != batch.Length)
            return null;
        int[] differing = [.. one.Index().Where(size => size.Item != batch[size.Index]).Select(size => size.Index)];
        return differing is [var axis] && batch[axis] == Rows * one[axis] ? axis : null;
    }
}
