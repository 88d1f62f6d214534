using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>A node that is compared with the table of a compiler, with the types and shapes of its values.</summary>
/// <param name="Node">The node.</param>
/// <param name="Scope">The graph of the node.</param>
/// <param name="Values">The types and shapes of the values.</param>
internal sealed record CheckedNode(NodeProto Node, Graph Scope, GraphValues Values)
{
    /// <summary>Returns the type and shape of an input; null when the node has no such input, or nothing is known of it.</summary>
    public InferredTensor? Input(int index) => Node.InputAt(index) is { Length: > 0 } value ? Values.Of(Scope, value) : null;

    /// <summary>Returns the constant that the node reads as an input; null when the input is left out or computed.</summary>
    public TensorProto? Constant(int index) => Node.InputAt(index) is { Length: > 0 } value && Scope.TryGetConstant(value, out var tensor) ? tensor : null;

    /// <summary>Returns whether the node has an input that is computed rather than constant.</summary>
    public bool IsComputed(int index) => Node.InputAt(index).Length > 0 && Constant(index) is null;

    /// <summary>Returns whether the node has an output of this index.</summary>
    public bool HasOutput(int index) => index < Node.Output.Count && Node.Output[index].Length > 0;
}
