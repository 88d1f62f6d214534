namespace ModelBuild.Onnx;

/// <content>Contains the methods that add, remove and reconnect nodes.</content>
internal sealed partial class Graph
{
    // The index of the node that was edited last. The search for a node starts there, because passes edit neighbouring nodes.
    private int _lastIndex;

    /// <summary>Adds a node at the end of this scope.</summary>
    public void Append(NodeProto node) => Insert(Proto.Node.Count, [node]);

    /// <summary>Inserts nodes in order before a node of this scope.</summary>
    public void InsertBefore(NodeProto anchor, params NodeProto[] nodes) => Insert(IndexOf(anchor), nodes);

    /// <summary>Inserts nodes in order after a node of this scope.</summary>
    public void InsertAfter(NodeProto anchor, params NodeProto[] nodes) => Insert(IndexOf(anchor) + 1, nodes);

    /// <summary>Removes a node of this scope with its subgraphs. Inputs that read its outputs do not change.</summary>
    public void Remove(NodeProto node)
    {
        var index = IndexOf(node);
        Proto.Node.RemoveAt(index);
        RemoveFromIndex(node);
    }

    /// <summary>
    /// Replaces a node of this scope by other nodes in the given order. The new nodes may have outputs with the names of the old node's outputs.
    /// </summary>
    public void Replace(NodeProto node, params NodeProto[] replacement)
    {
        var index = IndexOf(node);
        Remove(node);
        Insert(index, replacement);
    }

    /// <summary>
    /// Connects an input of a node of this scope to another value; an empty name leaves the input out. Missing inputs before the index are added as empty.
    /// </summary>
    public void SetInput(NodeProto node, int index, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckIsMember(node);
        while (node.Input.Count <= index)
            node.Input.Add("");
        RemoveUse(node, index);
        node.Input[index] = value;
        _names.Add(value);
        AddUse(node, index);
    }

    /// <summary>Renames an output of a node of this scope. Inputs that read the old name do not change: see <see cref="RenameValue"/>.</summary>
    public void SetOutput(NodeProto node, int index, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckIsMember(node);
        while (node.Output.Count <= index)
            node.Output.Add("");
        Undefine(node.Output[index], definition => definition.Remove(node));
        node.Output[index] = value;
        if (value.Length > 0)
            Define(value).Add(node);
    }

    /// <summary>Connects all nodes that read a value, here and in subgraphs, to another value. Graph outputs do not change.</summary>
    /// <exception cref="OnnxException">A subgraph that reads the value defines another value with the name of the replacement.</exception>
    public void ReplaceUses(string value, string replacement)
    {
        var uses = Consumers(value);
        foreach (var use in uses)
            if (!use.Graph.ResolvesTo(replacement, this))
                throw new OnnxException(OnnxFault.Malformed, $"the name '{Text.Short(replacement)}' is defined differently in a subgraph", Model.Path);
        foreach (var use in uses)
            use.Graph.SetInput(use.Node, use.Index, replacement);
    }

    /// <summary>Adds an input to the graph of this scope.</summary>
    /// <exception cref="ArgumentException">The input has no name, or the scope already defines the name.</exception>
    public void AddInput(ValueInfoProto input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentException.ThrowIfNullOrEmpty(input.Name, nameof(input));
        if (_definitions.ContainsKey(input.Name))
            throw new ArgumentException($"The graph already defines '{Text.Short(input.Name)}'.", nameof(input));
        Proto.Input.Add(input);
        Define(input.Name).IsInput = true;
        ReadInfos();
    }

    /// <summary>Removes an input of the graph of this scope. Nodes that read it do not change.</summary>
    /// <exception cref="ArgumentException">The graph has no input of that name.</exception>
    public void RemoveInput(string name)
    {
        if (!IsInput(name))
            throw new ArgumentException($"The graph has no input '{Text.Short(name)}'.", nameof(name));
        RemoveAll(Proto.Input, input => input.Name == name);
        Undefine(name, static definition => definition.IsInput = false);
        ReadInfos();
    }

    /// <summary>Replaces the outputs of the main graph. The types of the new outputs are not declared, so that they follow from the nodes.</summary>
    /// <exception cref="InvalidOperationException">The scope is a subgraph.</exception>
    public void SetOutputs(IEnumerable<string> values)
    {
        if (Parent is not null)
            throw new InvalidOperationException("The outputs of a subgraph belong to its node.");
        foreach (var output in Proto.Output)
        {
            _outputs[output.Name].Remove(this);
            if (_outputs[output.Name].Count == 0)
                _outputs.Remove(output.Name);
        }

        Proto.Output.Clear();
        foreach (var value in values)
        {
            Proto.Output.Add(new ValueInfoProto { Name = value });
            ListOf(_outputs, value).Add(this);
        }

        ReadInfos();
    }

    private void Insert(int index, NodeProto[] nodes)
    {
        foreach (var node in nodes)
        {
            AddToIndex(node);
            Proto.Node.Insert(index++, node);
        }
    }

    private void CheckIsMember(NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!_members.Contains(node))
            throw new ArgumentException($"The node '{Text.Short(node.Name)}' ({Text.Short(node.OpType)}) is not in this scope.", nameof(node));
    }

    /// <summary>Returns the index of a node object. The search starts at the last result and goes in both directions.</summary>
    private int IndexOf(NodeProto node)
    {
        CheckIsMember(node);
        var nodes = Proto.Node;
        var start = Math.Clamp(_lastIndex, 0, nodes.Count - 1);
        for (var distance = 0; distance < nodes.Count; distance++)
        {
            if (start + distance < nodes.Count && ReferenceEquals(nodes[start + distance], node))
                return _lastIndex = start + distance;
            if (start - distance >= 0 && ReferenceEquals(nodes[start - distance], node))
                return _lastIndex = start - distance;
        }

        throw new ArgumentException(
            $"The node '{Text.Short(node.Name)}' was removed from the protobuf message directly. Remove nodes through Graph.",
            nameof(node)
        );
    }
}
