using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>What a node needs to run.</summary>
internal static class NodeReads
{
    /// <summary>The values of the main graph that a node of it reads, those that its subgraphs capture included, each once.</summary>
    public static IEnumerable<string> Of(Graph main, NodeProto node) => node.Input
        .Concat(main.Subgraphs(node).SelectMany(inner => inner.SelfAndSubgraphs()).SelectMany(scope => Captured(scope, main)))
        .Where(value => value.Length > 0)
        .Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Captured(Graph scope, Graph main) => scope.Nodes.SelectMany(node => node.Input)
        .Concat(scope.Proto.Output.Select(output => output.Name))
        .Where(value => ReferenceEquals(scope.ScopeOf(value), main));
}
