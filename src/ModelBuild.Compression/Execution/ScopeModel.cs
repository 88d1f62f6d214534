using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>A subgraph as a model of its own, with what it captures as constants or inputs.</summary>
internal static class ScopeModel
{
    /// <summary>The model; null where the type of something that it would have as an input is not known.</summary>
    /// <param name="scope">The subgraph.</param>
    /// <param name="describe">What is known of an input or a captured value; no sizes leave them open.</param>
    public static OnnxModel? Of(Graph scope, Func<string, InferredTensor?> describe)
    {
        var graph = scope.Proto.Clone();
        graph.Input.Clear();
        foreach (var input in scope.Proto.Input)
            if (describe(input.Name) is { } tensor)
                graph.Input.Add(tensor.Declare(input.Name));
            else if (input.Type is not null)
                graph.Input.Add(input.Clone());
            else
                return null;
        foreach (var value in Captured(scope))
            if (scope.TryGetConstant(value, out var constant))
                graph.Initializer.Add(constant.WithName(value));
            else if (describe(value) is { } tensor)
                graph.Input.Add(tensor.Declare(value));
            else
                return null;

        var proto = new ModelProto { IrVersion = Math.Max(4, scope.Model.Proto.IrVersion), Graph = graph };
        proto.OpsetImport.Add(scope.Model.Proto.OpsetImport);
        proto.Functions.Add(scope.Model.Proto.Functions);
        return new OnnxModel(proto);
    }

    private static IEnumerable<string> Captured(Graph scope)
    {
        var inside = scope.SelfAndSubgraphs().ToHashSet<Graph>(ReferenceEqualityComparer.Instance);
        return inside
            .SelectMany(graph =>
                graph
                    .Nodes.SelectMany(node => node.Input)
                    .Concat(graph.Proto.Output.Select(output => output.Name))
                    .Select(value => (Value: value, Owner: graph.ScopeOf(value)))
            )
            .Where(use => use.Owner is not null && !inside.Contains(use.Owner))
            .Select(use => use.Value)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
    }
}
