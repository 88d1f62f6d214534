namespace ModelBuild.Onnx;

/// <content>Contains the methods for names and declared types of values.</content>
internal sealed partial class Graph
{
    /// <summary>
    /// Renames a value in its definition and all uses: nodes here and in subgraphs, graph inputs and outputs, initializers, and declared types. The new name
    /// may be that of a graph output whose producer was removed.
    /// </summary>
    /// <exception cref="ArgumentException">No scope that is visible here defines the value.</exception>
    /// <exception cref="OnnxException">The new name is already defined in a scope where the value is visible.</exception>
    public void RenameValue(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (value == name)
            return;
        var scope = ScopeOf(value) ?? throw new ArgumentException($"The graph does not define the value '{Text.Short(value)}'.", nameof(value));
        if (scope.ScopeOf(name) is not null || scope.SelfAndSubgraphs().Any(graph => graph._definitions.ContainsKey(name)))
            throw new OnnxException(
                OnnxFault.Malformed,
                $"'{Text.Short(value)}' cannot be renamed to '{Text.Short(name)}': the name is already defined",
                Model.Path
            );
        scope.RenameOwn(value, name);
    }

    /// <summary>Removes declared types (<c>value_info</c>) of values that this scope and its subgraphs no longer define.</summary>
    public void RemoveStaleInfo()
    {
        foreach (var graph in SelfAndSubgraphs())
        {
            var kept = graph.Proto.ValueInfo.Where(info => graph._definitions.ContainsKey(info.Name)).ToArray();
            if (kept.Length == graph.Proto.ValueInfo.Count)
                continue;
            graph.Proto.ValueInfo.Clear();
            graph.Proto.ValueInfo.AddRange(kept);
            graph.ReadInfos();
        }
    }

    private void RenameOwn(string value, string name)
    {
        var uses = Consumers(value);
        var outputs = _outputs.TryGetValue(value, out var graphs) ? graphs.Where(graph => graph.ResolvesTo(value, this)).ToArray() : [];
        foreach (var node in Producers(value))
            for (var i = 0; i < node.Output.Count; i++)
                if (node.Output[i] == value)
                    SetOutput(node, i, name);
        if (_definitions.Remove(value, out var rest))
        {
            var definition = Define(name);
            definition.IsInput |= rest.IsInput;
            definition.IsSparse |= rest.IsSparse;
            definition.Initializer ??= rest.Initializer;
        }

        foreach (var tensor in Proto.Initializer.Concat(Proto.SparseInitializer.Select(static sparse => sparse.Values)))
            if (tensor?.Name == value)
                tensor.Name = name;
        foreach (var use in uses)
            use.Graph.SetInput(use.Node, use.Index, name);
        foreach (var graph in outputs)
            graph.RenameOutput(value, name);
        foreach (var info in Proto.Input.Concat(Proto.ValueInfo))
            if (info.Name == value)
                info.Name = name;
        foreach (var annotation in Proto.QuantizationAnnotation)
        {
            if (annotation.TensorName == value)
                annotation.TensorName = name;
            foreach (var parameter in annotation.QuantParameterTensorNames)
                if (parameter.Value == value)
                    parameter.Value = name;
        }

        ReadInfos();
    }

    private void RenameOutput(string value, string name)
    {
        foreach (var output in Proto.Output)
        {
            if (output.Name != value)
                continue;
            output.Name = name;
            for (var scope = this; scope is not null; scope = scope.Parent)
            {
                scope._outputs[value].Remove(this);
                if (scope._outputs[value].Count == 0)
                    scope._outputs.Remove(value);
                ListOf(scope._outputs, name).Add(this);
            }
        }

        ReadInfos();
    }

    private NodeProto[] Producers(string value) => _definitions.TryGetValue(value, out var definition) ? [.. definition.Producers] : [];

    private void ReadInfos()
    {
        _infos.Clear();
        foreach (var info in Proto.Input.Concat(Proto.Output).Concat(Proto.ValueInfo))
            _infos.TryAdd(info.Name, info);
    }

    /// <summary>Sets the declared types of a value to the type and shape of a tensor.</summary>
    private void Describe(string value, TensorProto tensor)
    {
        foreach (var info in Proto.Input.Concat(Proto.Output).Concat(Proto.ValueInfo))
            if (info.Name == value)
                info.Type = TypeOf(tensor);
    }
}
