using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>Matches every pattern once at every node of all scopes, and rewrites the matches.</summary>
internal sealed class PatternSweep(IReadOnlyList<IPattern> patterns)
{
    private readonly Dictionary<string, IPattern[]> _byOperator = patterns
        .SelectMany(pattern => pattern.Operators.Select(name => (Operator: name, Pattern: pattern)))
        .GroupBy(pair => pair.Operator, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Select(pair => pair.Pattern).ToArray(), StringComparer.Ordinal);

    /// <summary>Rewrites the main graph and all subgraphs, and returns the number of rewrites.</summary>
    public int Apply(Graph main, PassReport report, CancellationToken cancellationToken)
    {
        var shapes = new ValueShapes(main.Model);
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!scope.Contains(node) || !node.IsStandard() || node.Output.Count == 0 || !_byOperator.TryGetValue(node.OpType, out var tried))
                continue;
            var site = new Site(scope, node, shapes);
            if (Array.Find(tried, pattern => pattern.TryApply(site)) is not { } applied)
                continue;
            report.Changed(applied.Effect);
            count++;
        }

        return count;
    }
}
