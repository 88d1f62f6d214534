using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Profiling;

/// <summary>
/// Describes the nodes that ONNX Runtime runs, from the optimized graph that it creates from the file. A node that runs replaces the nodes of the file between
/// its inputs and its outputs, which keep their names. A value that the optimizations added has no counterpart in the file.
/// </summary>
/// <param name="file">The main graph of the file.</param>
/// <param name="optimized">The main graph that runs.</param>
internal sealed class RunningGraph(Graph file, Graph optimized)
{
    private readonly ILookup<string, NodeProto> _nodes = optimized.Nodes.ToLookup(node => node.Name, StringComparer.Ordinal);

    /// <summary>Returns a node's time with the domain of its operator and the nodes of the file that it replaces.</summary>
    public NodeTime Describe(NodeTime time)
    {
        if (_nodes[time.Node].FirstOrDefault(node => node.OpType == time.Operator) is not { } node)
            return time;
        var found = Between([.. node.Input], node.Output);
        var isSame = found.Count == 1 && found.Single().OpType == node.OpType;
        return time with { Domain = node.Domain, Replaces = isSame ? [] : [.. file.Nodes.Where(found.Contains).Select(NodeLabel.Of)] };
    }

    private HashSet<NodeProto> Between(HashSet<string> inputs, IEnumerable<string> outputs)
    {
        var found = new HashSet<NodeProto>();
        var open = new Stack<string>(outputs);
        while (open.TryPop(out var value))
            if (!inputs.Contains(value) && file.Producer(value) is { } producer && !file.IsConstant(value) && found.Add(producer))
                foreach (var input in producer.Input)
                    open.Push(input);
        return found;
    }
}
