using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.ControlFlow;

/// <summary>Converts a separate model to a subgraph of another graph.</summary>
internal static class InnerGraph
{
    /// <summary>Returns the subgraph for a separate model.</summary>
    /// <param name="graph">The main graph of the separate model, which changes.</param>
    /// <param name="captured">The names of inputs and constants that are values of the other graph.</param>
    /// <param name="outer">The other graph. The subgraph defines none of its names.</param>
    public static GraphProto Of(Graph graph, IReadOnlySet<string> captured, Graph outer)
    {
        new DeadCodeElimination().Apply(graph, CancellationToken.None);
        foreach (var scope in graph.SelfAndSubgraphs())
        foreach (var name in Defined(scope).Where(name => name.Length > 0 && !captured.Contains(name)).Distinct(StringComparer.Ordinal).ToArray())
            scope.RenameValue(name, Fresh(name, graph, outer));
        foreach (var name in captured)
        {
            graph.RemoveInitializer(name);
            if (graph.IsInput(name))
                graph.RemoveInput(name);
        }

        graph.Proto.ValueInfo.Clear();
        return graph.Proto;
    }

    private static IEnumerable<string> Defined(Graph scope) =>
        scope
            .Proto.Initializer.Select(tensor => tensor.Name)
            .Concat(scope.Proto.Input.Select(input => input.Name))
            .Concat(scope.Nodes.SelectMany(node => node.Output));

    // Returns a name that is new in both the inner and the outer graph.
    private static string Fresh(string name, Graph graph, Graph outer)
    {
        var all = graph.SelfAndSubgraphs().ToArray();
        string fresh;
        do fresh = outer.FreshName(name);
        while (fresh != name && all.Any(scope => scope.ScopeOf(fresh) is not null));
        return fresh;
    }
}
