using ModelBuild.Onnx;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>Collects new nodes with their constants, and inserts them at the start of a graph.</summary>
/// <param name="graph">The main graph of a model.</param>
/// <param name="prefix">The start of the names of new values.</param>
internal sealed class NodeWriter(Graph graph, string prefix)
{
    private readonly List<NodeProto> _nodes = [];

    /// <summary>Adds a node with one output, and returns the name of the output.</summary>
    /// <returns>The name of the output.</returns>
    public string Add(string opType, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = graph.FreshName($"{prefix}{opType}");
        _nodes.Add(Nodes.Create(opType, inputs, [output], output, attributes: attributes));
        return output;
    }

    /// <summary>Adds a Cast to another element type, and returns the name of its output.</summary>
    public string Cast(string value, TensorProto.Types.DataType type) => Add("Cast", [value], ("to", (long)type));

    /// <summary>Adds a constant, and returns its name.</summary>
    /// <returns>The name of the constant.</returns>
    public string Constant<T>(ReadOnlySpan<long> dimensions, params T[] values)
        where T : unmanaged
    {
        var name = graph.FreshName($"{prefix}Constant");
        graph.AddInitializer(Tensors.Create(name, dimensions, values));
        return name;
    }

    /// <summary>Adds a constant vector of integers, and returns its name.</summary>
    public string Integers(params long[] values) => Constant([values.Length], values);

    /// <summary>Inserts the collected nodes before the other nodes of the graph.</summary>
    public void Insert()
    {
        if (graph.Nodes.Count > 0)
            graph.InsertBefore(graph.Nodes[0], [.. _nodes]);
        else
            _nodes.ForEach(graph.Append);
    }
}
