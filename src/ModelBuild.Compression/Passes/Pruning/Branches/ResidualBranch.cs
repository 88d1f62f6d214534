using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Branches;

/// <summary>A residual branch: y = x + f(x). Without the branch, y = x.</summary>
/// <param name="Sum">The name of y.</param>
/// <param name="Skip">The index of the operand x of the sum.</param>
/// <param name="Layers">The layers of f, in order.</param>
internal sealed record ResidualBranch(string Sum, int Skip, NodeProto[] Layers)
{
    /// <summary>
    /// Returns the branches of a graph in topological order: sums of a value and the output of layers that read the value, in the same shape.
    /// </summary>
    /// <param name="main">The main graph.</param>
    /// <param name="tensors">Types and sizes of the values of the graph.</param>
    public static IEnumerable<ResidualBranch> Find(Graph main, IReadOnlyDictionary<string, InferredTensor> tensors)
    {
        foreach (
            var sum in main.Nodes.Where(node => node.Is("Add") && node.Input.All(value => !main.IsConstant(value)) && !main.IsOutputAnywhere(node.Output[0]))
        )
        foreach (var skip in new[] { 0, 1 })
            if (HaveOneShape(tensors, sum.Input[skip], sum.Output[0]) && LayersBetween(main, sum.Input[skip], sum.Input[1 - skip]) is { Length: > 0 } layers)
                yield return new ResidualBranch(sum.Output[0], skip, layers);
    }

    /// <summary>Removes the branch from the sum. Dead code elimination removes the nodes of the branch afterwards.</summary>
    public void Remove(Graph main) => main.ReplaceUses(Sum, main.Producer(Sum)!.Input[Skip]);

    private static bool HaveOneShape(IReadOnlyDictionary<string, InferredTensor> tensors, string first, string second) =>
        tensors.TryGetValue(first, out var a) && tensors.TryGetValue(second, out var b) && a.Type == b.Type && a.Shape.AsSpan().SequenceEqual(b.Shape);

    // Returns the layers of a branch. Every input of the branch must be computed from the value that the branch is added to.
    private static NodeProto[] LayersBetween(Graph main, string skip, string branch)
    {
        var between = new HashSet<NodeProto>();
        var open = new Stack<string>([branch]);
        var reached = false;
        while (open.TryPop(out var value))
        {
            if (value == skip)
                reached = true;
            else if (main.Producer(value) is not { } node)
                return [];
            else if (between.Add(node))
                foreach (var input in node.Input.Where(input => input.Length > 0 && !main.IsConstant(input)))
                    open.Push(input);
        }

        return reached ? [.. main.Nodes.Where(node => between.Contains(node) && IsLayer(main, node))] : [];
    }

    private static bool IsLayer(Graph main, NodeProto node) =>
        WeightedOperator.FindLinear(node) is { Kind: not WeightedKind.TransposedConvolution } found && main.IsConstant(node.InputAt(found.WeightInput));
}
