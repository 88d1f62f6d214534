namespace ModelBuild.Onnx;

/// <summary>One place that reads a value: an input of a node.</summary>
/// <param name="Graph">The scope that the node is in.</param>
/// <param name="Node">The node.</param>
/// <param name="Index">Which of its inputs, from 0.</param>
public readonly record struct ValueUse(Graph Graph, NodeProto Node, int Index)
{
    /// <summary>Whether both are the same input of the same node object.</summary>
    public bool Equals(ValueUse other) => ReferenceEquals(Graph, other.Graph) && ReferenceEquals(Node, other.Node) && Index == other.Index;

    /// <inheritdoc/>
    // A node's own hash code covers its content, weights included.
    public override int GetHashCode() => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Node), Index);
}
