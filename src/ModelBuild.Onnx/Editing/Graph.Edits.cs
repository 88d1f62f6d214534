namespace ModelBuild.Onnx;

/// <content>Nodes in and out.</content>
public sealed partial class Graph
{
    // Passes edit near where they edited last.
    private int _lastIndex;

    /// <summary>Adds a node at the end.</summary>
    public void Append(NodeProto node) => Insert(Proto.Node.Count, [node]);

    /// <summary>Adds nodes, in their order, before a node of this scope.</summary>
    public void InsertBefore(NodeProto anchor, params NodeProto[] nodes) => Insert(IndexOf(anchor), nodes);

    /// <summary>Adds nodes, in their order, after a node of this scope.</summary>
    public void InsertAfter(NodeProto anchor, params NodeProto[] nodes) => Insert(IndexOf(anchor) + 1, nodes);

    /// <summary>Removes a node of this scope, with its subgraphs. Uses of its outputs stay as they are.</summary>
    public void Remove(NodeProto node)
    {
        var index = IndexOf(node);
        Proto.Node.RemoveAt(index);
        Forget(node);
    }

    /// <summary>Puts nodes, in their order, in the place of a node of this scope. They may give outputs of the same names.</summary>
    public void Replace(NodeProto node, params NodeProto[] replacement)
    {
        var index = IndexOf(node);
        Remove(node);
        Insert(index, replacement);
    }

    /// <summary>Makes an input of a node of this scope read another value; empty leaves it out. Adds inputs up to the index where there are fewer.</summary>
    public void SetInput(NodeProto node, int index, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Own(node);
        while (node.Input.Count <= index)
            node.Input.Add("");
        RemoveUse(node, index);
        node.Input[index] = value;
        _names.Add(value);
        AddUse(node, index);
    }

    /// <summary>Gives an output of a node of this scope another name. Uses of the old name stay as they are: see <see cref="RenameValue"/>.</summary>
    public void SetOutput(NodeProto node, int index, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Own(node);
        while (node.Output.Count <= index)
            node.Output.Add("");
        Undefine(node.Output[index], definition => definition.Remove(node));
        node.Output[index] = value;
        if (value.Length > 0)
            Define(value).Add(node);
    }

    /// <summary>Makes every node that reads the value, here and in subgraphs, read another. Graph outputs stay.</summary>
    /// <exception cref="OnnxException">A subgraph that reads the value has another value of the replacement's name.</exception>
    public void ReplaceUses(string value, string replacement)
    {
        var uses = Consumers(value);
        foreach (var use in uses)
            if (!use.Graph.Sees(replacement, this))
                throw new OnnxException(OnnxFault.Malformed, $"the name '{Text.Short(replacement)}' is defined again in a subgraph", Model.Path);
        foreach (var use in uses)
            use.Graph.SetInput(use.Node, use.Index, replacement);
    }

    private void Insert(int index, NodeProto[] nodes)
    {
        foreach (var node in nodes)
        {
            Index(node);
            Proto.Node.Insert(index++, node);
        }
    }

    private void Own(NodeProto node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!_members.Contains(node))
            throw new ArgumentException($"The node '{Text.Short(node.Name)}' ({Text.Short(node.OpType)}) is not in this scope.", nameof(node));
    }

    /// <summary>The place of a node object, looked for outwards from the last one asked for.</summary>
    private int IndexOf(NodeProto node)
    {
        Own(node);
        var nodes = Proto.Node;
        var start = Math.Clamp(_lastIndex, 0, nodes.Count - 1);
        for (var distance = 0; distance < nodes.Count; distance++)
        {
            if (start + distance < nodes.Count && ReferenceEquals(nodes[start + distance], node))
                return _lastIndex = start + distance;
            if (start - distance >= 0 && ReferenceEquals(nodes[start - distance], node))
                return _lastIndex = start - distance;
        }

        throw new ArgumentException($"The node '{Text.Short(node.Name)}' was removed without the graph's knowledge.", nameof(node));
    }
}
