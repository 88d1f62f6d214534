using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>Moves the float32 constants of branches to the main graph, under their names, so that training can change them.</summary>
internal static class BranchConstants
{
    /// <summary>Moves each constant of a branch whose name no other scope defines.</summary>
    public static void Lift(Graph main)
    {
        var unique = main.SelfAndSubgraphs().SelectMany(Names).GroupBy(name => name, StringComparer.Ordinal).Where(name => name.Count() == 1);
        var names = unique.Select(name => name.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var scope in main.SelfAndSubgraphs().Where(scope => scope.Parent is not null))
        foreach (var name in Names(scope).Where(name => names.Contains(name) && !scope.IsOutputAnywhere(name)).ToArray())
            if (scope.TryGetConstant(name, out var tensor) && tensor.DataType == (int)DataType.Float)
            {
                if (scope.Producer(name) is { } node)
                    scope.Remove(node);
                else
                    scope.RemoveInitializer(name);
                main.AddInitializer(tensor.WithName(name));
            }
    }

    /// <summary>Returns the scope of a model, the main graph or a branch, that defines a constant; null if there is none.</summary>
    public static Graph? ScopeOf(Graph main, string name) =>
        main.SelfAndSubgraphs().FirstOrDefault(scope => ReferenceEquals(scope.ScopeOf(name), scope) && scope.IsConstant(name));

    private static IEnumerable<string> Names(Graph scope) =>
        scope
            .Nodes.SelectMany(node => node.Output)
            .Concat(scope.Proto.Initializer.Select(tensor => tensor.Name))
            .Concat(scope.Proto.Input.Select(input => input.Name))
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.Ordinal);
}
