using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Profiling;

/// <summary>
/// Finds the nodes of a file that a node of the optimized graph computes: those between its inputs and its outputs, which keep their names. A value that ONNX
/// Runtime made has no counterpart in the file.
/// </summary>
/// <param name="file">The main graph of the file.</param>
/// <param name="optimized">The main graph that runs.</param>
internal sealed class ReplacedNodes(Graph file, Graph optimized)
{
    private readonly ILookup<string, NodeProto> _nodes = optimized.Nodes.ToLookup(node => node.Name, StringComparer.Ordinal);

    /// <summary>Returns the labels of the nodes, in the order of the file.</summary>
    /// <param name="name">The name of a node that runs.</param>
    /// <param name="operatorName">Its operator.</param>
    /// <returns>The labels; empty if the node is the same as in the file, or if no node is found.</returns>
    public IReadOnlyList<string> Of(string name, string operatorName)
    {
        if (_nodes[name].FirstOrDefault(node => node.OpType == operatorName) is not { } node)
            return [];
        var found = Between([.. node.Input], node.Output);
        return found.Count == 1 && found.Single().OpType == node.OpType ? [] : [.. file.Nodes.Where(found.Contains).Select(NodeLabel.Of)];
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
