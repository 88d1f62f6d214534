using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>A node with what is known of its values.</summary>
/// <param name="Node">The node.</param>
/// <param name="Scope">The graph of the node.</param>
/// <param name="Values">The types and shapes of the values.</param>
internal sealed record CheckedNode(NodeProto Node, Graph Scope, GraphValues Values)
{
    /// <summary>Returns the type and shape of an input; null when the node has no such input, or nothing is known of it.</summary>
    public InferredTensor? Input(int index) => Node.InputAt(index) is { Length: > 0 } value ? Values.Of(Scope, value) : null;

    /// <summary>Returns an input that is a constant; null when it is left out or computed.</summary>
    public TensorProto? Constant(int index) => Node.InputAt(index) is { Length: > 0 } value && Scope.TryGetConstant(value, out var tensor) ? tensor : null;

    /// <summary>Returns whether an input is given and is computed.</summary>
    public bool IsComputed(int index) => Node.InputAt(index).Length > 0 && Constant(index) is null;

    /// <summary>Returns whether the node has an output of this index.</summary>
    public bool HasOutput(int index) => index < Node.Output.Count && Node.Output[index].Length > 0;
}
