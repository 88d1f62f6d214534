using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// Finds the one layer that computes the scores of the classes. The search goes from each output back, through operators that work for any number of classes.
/// </summary>
internal sealed class ClassHeadSearch
{
    private readonly Graph _graph;
    private readonly ScoreOperators _operators;

    private ClassHeadSearch(OnnxModel model)
    {
        _graph = new Graph(model);
        _operators = new ScoreOperators(_graph);
    }

    /// <summary>Finds the layer of a model that computes the scores of the classes.</summary>
    /// <param name="model">A prepared model, with or without its weights.</param>
    /// <exception cref="CompressionException">
    /// MB1005: there is none, or there are several, or an operator reads its scores that may depend on their number.
    /// </exception>
    public static ClassHead Find(OnnxModel model) => new ClassHeadSearch(model).Find();

    private ClassHead Find()
    {
        var ends = _graph.Proto.Output.Select(output => (output.Name, Path: Back(output.Name))).ToArray();
        var found = ends.Where(end => end.Path[^1] is { } last && _operators.IsLayer(last)).ToArray();
        NodeProto[] layers = [.. found.Select(end => end.Path[^1]!).Distinct()];
        if (layers.Length == 0)
            throw Error(
                "needs a last layer that makes the scores of the classes: Gemm, MatMul or Conv with constant weights, and after it only "
                    + $"{ScoreOperators.Names}. "
                    + string.Join(" ", ends.Select(end => $"The output '{end.Name}' comes from {Describe(end.Path[^1])}."))
            );
        if (layers.Length > 1)
            throw Error(
                "replaces one last layer, and the outputs come from several: "
                    + string.Join(", ", found.Select(end => $"'{end.Name}' from {Describe(end.Path[^1])}"))
                    + "."
            );
        var after = After(layers[0]);
        // If several outputs hold scores, the one with probabilities is used, because its last operator shows that the values are scores of classes.
        NodeProto[][] paths = [.. found.Select(end => end.Path[..^1].OfType<NodeProto>().Reverse().ToArray())];
        var path = paths.OrderBy(nodes => nodes.FirstOrDefault(ScoreOperators.IsEnd)?.OpType is null or "ArgMax").First();
        var end = path.FirstOrDefault(ScoreOperators.IsEnd);
        var scores = end?.Input[0] ?? path.LastOrDefault()?.Output[0] ?? layers[0].Output[0];
        string[] outputs = [.. found.Where(one => !one.Path.Any(node => node!.OpType == "ArgMax")).Select(one => one.Name)];
        return new ClassHead(layers[0], after, scores, end?.OpType == "Sigmoid", outputs);
    }

    // Returns the nodes from a value back to the first node that is a layer or that a class head cannot contain. The last element is null if the path ends at
    // an input or a constant.
    private NodeProto?[] Back(string value)
    {
        var path = new List<NodeProto?>();
        while (true)
        {
            var node = _graph.Producer(value);
            path.Add(node);
            if (node is null || _operators.IsLayer(node) || _operators.Passed(node) is not { } before)
                return [.. path];
            value = before;
        }
    }

    private List<NodeProto> After(NodeProto layer)
    {
        var after = new List<NodeProto>();
        var open = new Queue<string>([layer.Output[0]]);
        while (open.TryDequeue(out var value))
            foreach (var use in _graph.Consumers(value))
            {
                // A Shape node may read the scores, because its result adapts to the new number of classes.
                if (after.Contains(use.Node) || use.Node.Is("Shape"))
                    continue;
                if (!ReferenceEquals(use.Graph, _graph) || _operators.Passed(use.Node) is not { } scores || scores != value)
                    throw Error(
                        $"cannot change the number of classes, because {Describe(use.Node)} reads the scores of {Describe(layer)}, and it may depend on it."
                    );
                after.Add(use.Node);
                foreach (var output in use.Node.Output.Where(output => output.Length > 0))
                    open.Enqueue(output);
            }

        return after;
    }

    private static string Describe(NodeProto? node) =>
        node is null ? "an input or a constant" : $"the node '{(node.Name.Length > 0 ? node.Name : node.Output[0])}' ({node.OpType})";

    private static CompressionException Error(string what) => new(Codes.UnknownOption, $"'{TransferOptions.Name}' {what}");
}
