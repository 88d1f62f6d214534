namespace ModelBuild.Onnx;

/// <content>Contains the methods that update the indexes of the producers and consumers of values.</content>
internal sealed partial class Graph
{
    private void AddToIndex(NodeProto node)
    {
        if (!_members.Add(node))
            throw new ArgumentException($"The node '{Text.Short(node.Name)}' ({Text.Short(node.OpType)}) is already in the graph.", nameof(node));
        _names.Add(node);
        foreach (var output in node.Output)
            if (output.Length > 0)
                Define(output).Add(node);
        for (var i = 0; i < node.Input.Count; i++)
            AddUse(node, i);
        foreach (var attribute in node.Attribute)
        foreach (var proto in attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G))
        {
            if (!_inner.TryGetValue(node, out var inner))
                _inner[node] = inner = [];
            inner.Add(new Graph(Model, proto, _names, this, node));
        }
    }

    private void RemoveFromIndex(NodeProto node)
    {
        _members.Remove(node);
        foreach (var output in node.Output)
            Undefine(output, definition => definition.Remove(node));
        for (var i = 0; i < node.Input.Count; i++)
            RemoveUse(node, i);
        if (!_inner.Remove(node, out var inner))
            return;
        foreach (var graph in inner)
            for (var scope = this; scope is not null; scope = scope.Parent)
            {
                foreach (var value in graph._uses.Keys)
                    RemoveFrom(scope._uses, value, use => use.Graph.IsWithin(graph));
                foreach (var value in graph._outputs.Keys)
                    RemoveFrom(scope._outputs, value, other => other.IsWithin(graph));
            }
    }

    private ValueDefinition Define(string value)
    {
        _names.Add(value);
        // A value without a name gets a definition that is not stored, because no node can refer to it.
        if (value.Length == 0)
            return new ValueDefinition();
        if (!_definitions.TryGetValue(value, out var definition))
            _definitions[value] = definition = new ValueDefinition();
        return definition;
    }

    private void Undefine(string value, Action<ValueDefinition> change)
    {
        if (!_definitions.TryGetValue(value, out var definition))
            return;
        change(definition);
        if (definition.IsEmpty)
            _definitions.Remove(value);
    }

    private void AddUse(NodeProto node, int index)
    {
        if (node.Input[index].Length == 0)
            return;
        for (var scope = this; scope is not null; scope = scope.Parent)
            ListOf(scope._uses, node.Input[index]).Add(new ValueUse(this, node, index));
    }

    private void RemoveUse(NodeProto node, int index)
    {
        var use = new ValueUse(this, node, index);
        for (var scope = this; scope is not null; scope = scope.Parent)
            RemoveFrom(scope._uses, node.Input[index], use.Equals);
    }

    private bool IsWithin(Graph outer)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
            if (ReferenceEquals(scope, outer))
                return true;
        return false;
    }

    private static List<T> ListOf<T>(Dictionary<string, List<T>> lists, string key)
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = new List<T>(1);
        return list;
    }

    private static void RemoveFrom<T>(Dictionary<string, List<T>> lists, string key, Predicate<T> match)
    {
        if (lists.TryGetValue(key, out var list) && list.RemoveAll(match) > 0 && list.Count == 0)
            lists.Remove(key);
    }
}
