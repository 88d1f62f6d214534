using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Converts a subgraph to a separate model, with captured values as constants or inputs.</summary>
internal static class ScopeModel
{
    /// <summary>Returns the model, or null when the type of an input or captured value is unknown.</summary>
    /// <param name="scope">The subgraph.</param>
    /// <param name="describe">Returns what is known of an input or a captured value. An empty shape means that the sizes are unknown.</param>
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
