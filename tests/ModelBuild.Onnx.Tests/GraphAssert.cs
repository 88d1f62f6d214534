namespace ModelBuild.Onnx.Tests;

/// <summary>Compares a graph's indexes with those of one made anew from the same messages, and with a search without any index.</summary>
internal static class GraphAssert
{
    public static void IndexesAreCurrent(Graph main, int everyName = 1)
    {
        var fresh = new Graph(main.Model);
        var scopes = main.SelfAndSubgraphs().ToArray();
        var freshScopes = fresh.SelfAndSubgraphs().ToArray();
        Assert.Equal(freshScopes.Select(static scope => scope.Proto), scopes.Select(static scope => scope.Proto), ReferenceEqualityComparer.Instance);
        var names = scopes
            .SelectMany(static scope => Names(scope.Proto))
            .Where(static name => name.Length > 0)
            .Distinct()
            .Where((_, i) => i % everyName == 0)
            .ToArray();
        for (var i = 0; i < scopes.Length; i++)
        {
            var (scope, other) = (scopes[i], freshScopes[i]);
            foreach (var name in names)
            {
                Assert.Equal(other.ScopeOf(name)?.Proto, scope.ScopeOf(name)?.Proto, ReferenceEqualityComparer.Instance);
                Assert.Same(other.Producer(name), scope.Producer(name));
                Assert.Equal(other.IsInput(name), scope.IsInput(name));
                Assert.Equal(other.IsOutput(name), scope.IsOutput(name));
                Assert.Equal(other.IsOutputAnywhere(name), scope.IsOutputAnywhere(name));
                Assert.Equal(other.IsConstant(name), scope.IsConstant(name));
                Assert.Equal(Keys(other.Consumers(name)), Keys(scope.Consumers(name)));
                Assert.Equal(Searched(scope.Proto, name, inner: false), Keys(scope.Consumers(name)));
            }
        }
    }

    public static string[] Uses(IEnumerable<ValueUse> uses) => [.. uses.Select(static use => $"{use.Node.Name}:{use.Index}").Order(StringComparer.Ordinal)];

    private static int[] Keys(IEnumerable<ValueUse> uses) => [.. uses.Select(static use => Key(use.Node, use.Index)).Order()];

    private static int Key(NodeProto node, int index) => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(node), index);

    private static int[] Searched(GraphProto graph, string name, bool inner) => [.. Search(graph, name, inner).Order()];

    private static IEnumerable<int> Search(GraphProto graph, string name, bool inner)
    {
        if (inner && Defines(graph, name))
            yield break;
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == name)
                    yield return Key(node, i);
            foreach (var attribute in node.Attribute)
            foreach (var nested in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
            foreach (var key in Search(nested, name, inner: true))
                yield return key;
        }
    }

    private static bool Defines(GraphProto graph, string name) =>
        graph.Input.Any(input => input.Name == name)
        || graph.Initializer.Any(tensor => tensor.Name == name)
        || graph.Node.Any(node => node.Output.Contains(name));

    private static IEnumerable<string> Names(GraphProto graph) =>
        graph
            .Input.Concat(graph.Output)
            .Select(static info => info.Name)
            .Concat(graph.Initializer.Select(static tensor => tensor.Name))
            .Concat(graph.Node.SelectMany(static node => node.Input.Concat(node.Output)));
}
