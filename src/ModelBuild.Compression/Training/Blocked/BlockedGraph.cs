using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Blocked;

/// <summary>Adds nodes that compute with blocked values to a graph, and records which values exist in both layouts.</summary>
/// <param name="graph">The graph.</param>
internal sealed class BlockedGraph(Graph graph)
{
    private readonly Dictionary<string, string> _blocked = new(StringComparer.Ordinal);

    /// <summary>Returns the blocked form of a value, if it exists.</summary>
    public string? Find(string value) => _blocked.GetValueOrDefault(value);

    /// <summary>Returns the blocked form of a value [batch, channels, height, width].</summary>
    /// <param name="anchor">The node before which a conversion is inserted.</param>
    /// <param name="value">The value.</param>
    public string Block(NodeProto anchor, string value)
    {
        if (_blocked.TryGetValue(value, out var known))
            return known;
        var name = _blocked[value] = graph.FreshName($"blocked {value}");
        graph.InsertBefore(anchor, Nodes.Create("ReorderInput", [value], [name], name, Domains.Nchwc));
        return name;
    }

    /// <summary>Returns the blocked form of a value. A conversion is added at the end of the graph.</summary>
    public string Block(string value)
    {
        if (_blocked.TryGetValue(value, out var known))
            return known;
        var name = _blocked[value] = graph.FreshName($"blocked {value}");
        graph.Append(Nodes.Create("ReorderInput", [value], [name], name, Domains.Nchwc));
        return name;
    }

    /// <summary>
    /// Replaces a node by a node whose first output is blocked, and a conversion to the plain layout, which is unused if all readers are blocked.
    /// </summary>
    /// <param name="node">The node.</param>
    /// <param name="replacement">Creates the node with the given name of its output.</param>
    /// <param name="channels">The number of channels of the output.</param>
    public void Replace(NodeProto node, Func<string, NodeProto> replacement, long channels)
    {
        var value = node.Output[0];
        var name = _blocked[value] = graph.FreshName($"blocked {value}");
        graph.Replace(node, replacement(name), Nodes.Create("ReorderOutput", [name], [value], $"plain {value}", Domains.Nchwc, [("channels", channels)]));
    }

    /// <summary>
    /// Returns weights [outputs, inputs, height, width] in the layout of blocked convolutions: blocks of outputs, blocks of inputs, kernel, input, output.
    /// </summary>
    public string BlockWeights(NodeProto anchor, string weights, long[] shape)
    {
        long size = BlockedLayout.BlockSize;
        long[] split = [shape[0] / size, size, shape[1] / size, size, shape[2], shape[3]];
        return Reorder(anchor, weights, split, [0, 2, 4, 5, 3, 1], shape);
    }

    /// <summary>Returns the weights of a convolution with one input channel in each group: blocks of outputs, kernel, output.</summary>
    public string BlockDepthwiseWeights(NodeProto anchor, string weights, long[] shape)
    {
        long size = BlockedLayout.BlockSize;
        return Reorder(anchor, weights, [shape[0] / size, size, shape[1], shape[2], shape[3]], [0, 2, 3, 4, 1], shape);
    }

    private string Reorder(NodeProto anchor, string weights, long[] split, long[] order, long[] shape)
    {
        var divided = Insert(anchor, "Reshape", [weights, Constant(split)], weights);
        var moved = Insert(anchor, "Transpose", [divided], weights, ("perm", order));
        return Insert(anchor, "Reshape", [moved, Constant(shape)], weights);
    }

    private string Insert(NodeProto anchor, string opType, string[] inputs, string hint, params (string, object)[] attributes)
    {
        var name = graph.FreshName($"blocked {hint}");
        graph.InsertBefore(anchor, Nodes.Create(opType, inputs, [name], name, attributes: attributes));
        return name;
    }

    private string Constant(long[] values)
    {
        var name = graph.FreshName($"constant [{string.Join(',', values)}]");
        graph.AddInitializer(Tensors.Create(name, [values.Length], values));
        return name;
    }
}
