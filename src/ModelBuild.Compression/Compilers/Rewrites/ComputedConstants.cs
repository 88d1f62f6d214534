using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>
/// Computes weights whose nodes the compiler does not support: codes that the compiler cannot convert are replaced by the floats that they represent. ONNX
/// Runtime computes the same floats when it loads the model.
/// </summary>
/// <param name="compiler">The compiler.</param>
internal sealed class ComputedConstants(Compiler compiler) : IGraphRewrite
{
    public string Effect => "weights written as floats, because the compiler does not take their codes";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var check = new GraphCheck(compiler, main);
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var part in Parts(scope).Where(part => part.Any(node => check.WhyNot(scope, node) is not null)).ToArray())
            count += Compute(scope, part, cancellationToken);
        return count;
    }

    // Returns the nodes of a graph that depend on constants only, grouped by the values that they read from each other.
    private static IReadOnlyList<NodeProto[]> Parts(Graph scope) =>
        ConnectedNodes.Of(
            scope,
            (node, isComputed) =>
                !RandomOperators.Contains(node)
                && !node.Is("Constant")
                && !node.Input.All(value => value.Length == 0)
                && scope.Subgraphs(node).Count == 0
                && node.Input.All(value => value.Length == 0 || isComputed(value) || scope.IsConstant(value))
        );

    private static int Compute(Graph scope, NodeProto[] part, CancellationToken cancellationToken)
    {
        var members = part.ToHashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        string[] read =
        [
            .. part.SelectMany(node => node.Output)
                .Where(value => value.Length > 0 && (scope.IsOutputAnywhere(value) || scope.Consumers(value).Any(use => !members.Contains(use.Node)))),
        ];
        // Nothing is replaced if an output of the graph is among the values, because an output must stay the result of a node.
        if (read.Any(scope.IsOutputAnywhere) || ConstantEvaluator.TryEvaluate(scope, part, read, cancellationToken) is not { } results)
            return 0;
        foreach (var node in part)
            scope.Remove(node);
        foreach (var value in read)
            scope.AddInitializer(results[value].WithName(value));
        return read.Length;
    }
}
