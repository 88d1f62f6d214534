namespace ModelBuild.Onnx;

/// <summary>Represents a use of a value: an input of a node that reads it.</summary>
/// <param name="Graph">The scope of the node.</param>
/// <param name="Node">The node.</param>
/// <param name="Index">The zero-based index of the input.</param>
internal readonly record struct ValueUse(Graph Graph, NodeProto Node, int Index)
{
    /// <summary>Determines whether both are the same input of the same node object.</summary>
    public bool Equals(ValueUse other) => ReferenceEquals(Graph, other.Graph) && ReferenceEquals(Node, other.Node) && Index == other.Index;

    /// <inheritdoc/>
    // The hash code of a node message is computed from its content, weights included, so the reference is hashed instead.
    public override int GetHashCode() => HashCode.Combine(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Node), Index);
}
