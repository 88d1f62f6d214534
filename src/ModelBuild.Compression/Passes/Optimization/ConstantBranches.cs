using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization;

/// <summary>Replaces an <c>If</c> whose condition is constant: the nodes of the branch that runs move into the enclosing scope, under free names.</summary>
internal sealed class ConstantBranches : IGraphRewrite
{
    public string Effect => "constant branches inlined";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        // Outermost graphs are processed first. If-nodes that move out of a branch are processed in the next round.
        foreach (var scope in main.SelfAndSubgraphs().Reverse().ToArray())
        foreach (var node in scope.Nodes.Where(node => node.Is("If")).ToArray())
            if (Taken(scope, node) is { } branch)
            {
                Inline(scope, node, branch);
                count++;
            }

        return count;
    }

    private static Graph? Taken(Graph scope, NodeProto node)
    {
        if (!scope.TryGetConstant(node.Input[0], out var condition) || condition.RawData.Length != 1)
            return null;
        var taken = node.Attribute(condition.RawData[0] != 0 ? "then_branch" : "else_branch")?.G;
        var branch = scope.Subgraphs(node).FirstOrDefault(graph => ReferenceEquals(graph.Proto, taken));
        return
            branch is not null && branch.Proto.SparseInitializer.Count == 0 && branch.Proto.Input.Count == 0 && branch.Proto.Output.Count == node.Output.Count
            ? branch
            : null;
    }

    private static void Inline(Graph scope, NodeProto node, Graph branch)
    {
        // The values of a branch that is moved to the outer graph get new names, because the same name may exist elsewhere outside of the branch.
        string[] own = [.. branch.Nodes.SelectMany(inner => inner.Output).Concat(branch.Proto.Initializer.Select(tensor => tensor.Name))];
        foreach (var value in own.Where(value => value.Length > 0).Distinct(StringComparer.Ordinal))
            branch.RenameValue(value, scope.FreshName(value));

        var results = branch.Proto.Output.Select(output => output.Name).ToArray();
        var outputs = node.Output.ToArray();
        NodeProto[] nodes = [.. branch.Nodes.Select(inner => inner.Clone())];
        TensorProto[] weights = [.. branch.Proto.Initializer];
        var identities = results
            .Zip(outputs)
            .Where(pair => pair.Second.Length > 0)
            .Select(pair => Nodes.Create("Identity", [pair.First], [pair.Second]))
            .ToArray();
        scope.Replace(node, [.. nodes, .. identities]);
        foreach (var weight in weights)
            scope.AddInitializer(weight);
        foreach (var identity in identities)
            scope.Bypass(identity);
    }
}
