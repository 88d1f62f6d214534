using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>
/// Corrects poolings with ceil_mode whose last window would begin behind the input. ONNX Runtime computes no output for such a window, but its shape inference
/// counts the window, so that all inferred sizes after the node are wrong. The correction gives the node padding with which the inferred and the computed sizes
/// agree.
/// </summary>
internal static class PoolEnds
{
    private static readonly HashSet<string> Poolings = new(["AveragePool", "LpPool", "MaxPool"], StringComparer.Ordinal);

    /// <summary>Corrects the poolings of a graph, and returns the shapes of all values.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="shapes">The shapes that ONNX Runtime infers.</param>
    public static IReadOnlyDictionary<string, InferredTensor> Correct(Graph graph, IReadOnlyDictionary<string, InferredTensor> shapes)
    {
        for (var index = 0; index < graph.Nodes.Count; index++)
        {
            var node = graph.Nodes[index];
            if (!node.IsStandard() || !Poolings.Contains(node.OpType) || node.GetInt("ceil_mode") == 0 || Ends(node, shapes) is not { } ends)
                continue;
            if (ends.Pads is null)
                return WithoutRanks(graph, index, shapes);
            node.SetAttribute("ceil_mode", 0L);
            node.SetAttribute("pads", ends.Pads);
            node.RemoveAttribute("auto_pad");
            shapes = Infer(graph, shapes);
        }

        return shapes;
    }

    // Returns the padding that replaces ceil_mode. The result is null if the last window of each axis begins inside the input. The padding in the result is
    // null if it would count in a mean, or if a size of the input is unknown.
    private static Padding? Ends(NodeProto node, IReadOnlyDictionary<string, InferredTensor> shapes)
    {
        if (shapes.GetValueOrDefault(node.Input[0])?.Shape is not { Length: > 2 } input || node.GetString("auto_pad", "NOTSET") is not ("NOTSET" or "VALID"))
            return null;
        var (kernel, rank) = (node.GetInts("kernel_shape") ?? [], input.Length - 2);
        long[] Given(string name, int count, long value) => node.GetInts(name) ?? [.. Enumerable.Repeat(value, count)];
        var (strides, dilations, pads) = (Given("strides", rank, 1), Given("dilations", rank, 1), (long[])Given("pads", 2 * rank, 0).Clone());
        var (isBehind, isCounted) = (false, false);
        for (var axis = 0; axis < rank && axis < kernel.Length; axis++)
        {
            var size = input[axis + 2] < 0 ? -1 : input[axis + 2] + pads[axis];
            var free = size + pads[axis + rank] - (dilations[axis] * (kernel[axis] - 1)) - 1;
            if (size < 0 || free < 0 || free % strides[axis] == 0)
                continue;
            var start = (free / strides[axis] + 1) * strides[axis];
            isBehind |= start >= size;
            isCounted |= start < size && node.GetInt("count_include_pad") != 0;
            pads[axis + rank] += start < size ? start - free : 0;
        }

        return !isBehind ? null : new Padding(isCounted || input.Skip(2).Any(size => size < 0) ? null : pads);
    }

    private static Dictionary<string, InferredTensor> Infer(Graph graph, IReadOnlyDictionary<string, InferredTensor> shapes)
    {
        var inputs = graph
            .Proto.Input.Where(input => shapes.GetValueOrDefault(input.Name) is { IsRankKnown: true, Elements: not null })
            .ToDictionary(input => input.Name, input => shapes[input.Name].Shape, StringComparer.Ordinal);
        var inferred = new Dictionary<string, InferredTensor>(RankInference.DescribeOutputs(graph.Model, inputs), StringComparer.Ordinal);
        foreach (var (name, tensor) in shapes)
            inferred.TryAdd(name, tensor);
        return inferred;
    }

    // Returns the shapes without those of the outputs of new nodes, because gradients must not be built from sizes that may be wrong.
    private static Dictionary<string, InferredTensor> WithoutRanks(Graph graph, int first, IReadOnlyDictionary<string, InferredTensor> shapes)
    {
        var result = new Dictionary<string, InferredTensor>(shapes, StringComparer.Ordinal);
        foreach (var output in graph.Nodes.Skip(first).SelectMany(node => node.Output))
            if (result.TryGetValue(output, out var tensor))
                result[output] = tensor with { Shape = [], IsRankKnown = false };
        return result;
    }

    private sealed record Padding(long[]? Pads);
}
