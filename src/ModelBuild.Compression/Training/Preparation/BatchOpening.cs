using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>
/// Changes the nodes of a model that fix the batch to one row: targets of <c>Reshape</c>, sizes of <c>Resize</c>, states of recurrent operators, and constants
/// in <c>Concat</c>. The values of one row do not change.
/// </summary>
/// <param name="graph">The main graph of a model of opset 21, whose inputs have an open batch.</param>
/// <param name="shapes">The shapes of its values.</param>
internal sealed class BatchOpening(Graph graph, BatchShapes shapes)
{
    private readonly bool _isOpen = graph
        .Proto.Input.SelectMany(input => input.Type?.TensorType?.Shape?.Dim ?? [])
        .Any(size => !size.HasDimValue && size.DimParam != "batch");

    /// <summary>Changes the nodes in the order of the graph, because the shapes of later values depend on those of earlier ones.</summary>
    public void Apply()
    {
        foreach (var node in graph.Nodes.Where(node => node.IsStandard()).ToArray())
            switch (node.OpType)
            {
                case "Reshape":
                    Reshape(node);
                    break;
                case "Concat":
                    Concat(node);
                    break;
                case "Resize" when node.InputAt(3).Length > 0 && node.Attribute("axes") is null:
                    Resize(node);
                    break;
                default:
                    if (WeightedOperator.FindRecurrent(node) is not null)
                        States(node);
                    break;
            }
    }

    private void Reshape(NodeProto node)
    {
        var (input, shape, output) = (node.Input[0], node.InputAt(1), node.Output[0]);
        if (shapes.Find(graph, [input]).Count == 0 || shapes.ForOneRow(graph, input) is not { } sizes)
            return;
        long[]? target = graph.TryGetConstant(shape, out var constant) ? constant.Span<long>().ToArray() : null;
        if (target is null && !_isOpen && !shapes.Find(graph, [output]).ContainsKey(output))
            target = shapes.ForOneRow(graph, output);
        var axis = shapes.Find(graph, [input])[input];
        if (target is null || (node.GetInt("allowzero") != 0 && target.Contains(0)))
            return;
        if (ReshapeTarget.ForBatches(sizes, axis, target, _isOpen) is not { } opened || opened.SequenceEqual(target))
            return;
        node.RemoveAttribute("allowzero");
        graph.SetInput(node, 1, Integers(output, opened));
    }

    private void Concat(NodeProto node)
    {
        var grown = shapes.Find(graph, node.Input);
        if (grown.Count == 0)
            return;
        var (like, axis) = grown.First();
        for (var i = 0; i < node.Input.Count; i++)
            if (shapes.ForOneRow(graph, node.Input[i]) is { } sizes && !grown.ContainsKey(node.Input[i]) && Joined(node, sizes.Length) != axis)
                Expand(node, i, sizes, axis, like, axis);
    }

    private static int Joined(NodeProto node, int rank) => (int)(node.GetInt("axis") is var axis && axis < 0 ? axis + rank : axis);

    private void Resize(NodeProto node)
    {
        var input = node.Input[0];
        if (!shapes.Find(graph, [input]).TryGetValue(input, out var axis) || !graph.TryGetConstant(node.Input[3], out var sizes))
            return;
        var target = sizes.Span<long>().ToArray();
        long[] others = [.. Enumerable.Range(0, target.Length).Where(i => i != axis).Select(i => (long)i)];
        graph.SetInput(node, 3, Integers(node.Output[0], [.. others.Select(i => target[i])]));
        node.SetAttribute("axes", others);
    }

    // Expands the inputs with sequence lengths, initial states and initial cells from one row to the rows of the batch.
    private void States(NodeProto node)
    {
        var input = node.Input[0];
        if (!shapes.Find(graph, [input]).TryGetValue(input, out var axis))
            return;
        var state = node.GetInt("layout") == 0 ? 1 : 0;
        foreach (var (index, rows) in new[] { (4, 0), (5, state), (6, state) })
            if (node.InputAt(index) is { Length: > 0 } value && shapes.ForOneRow(graph, value) is { } sizes && shapes.Find(graph, [value]).Count == 0)
                Expand(node, index, sizes, rows, input, axis);
    }

    private void Expand(NodeProto node, int index, long[] sizes, int axis, string like, int likeAxis)
    {
        if (axis >= sizes.Length || sizes[axis] != 1)
            return;
        var (value, output) = (node.Input[index], node.Output[0]);
        var rows = graph.FreshName($"{output}_batch");
        graph.InsertBefore(node, Nodes.Create("Shape", [like], [rows], rows, attributes: [("start", (long)likeAxis), ("end", (long)likeAxis + 1)]));
        var shape = graph.FreshName($"{output}_rows");
        string[] parts = [Integers(output, Ones(axis)), rows, Integers(output, Ones(sizes.Length - axis - 1))];
        graph.InsertBefore(node, Nodes.Create("Concat", parts, [shape], shape, attributes: ("axis", 0L)));
        var expanded = graph.FreshName($"{value}_rows");
        graph.InsertBefore(node, Nodes.Create("Expand", [value, shape], [expanded], expanded));
        graph.SetInput(node, index, expanded);
    }

    private static long[] Ones(int count) => [.. Enumerable.Repeat(1L, count)];

    private string Integers(string output, long[] values)
    {
        var name = graph.FreshName($"{output}_sizes");
        graph.AddInitializer(Tensors.Create(name, [values.Length], values));
        return name;
    }
}
