using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>A node in its scope, with the queries and edits that patterns need.</summary>
internal sealed class Site(Graph scope, NodeProto node, ValueShapes shapes)
{
    public Graph Scope => scope;

    public NodeProto Node => node;

    public long Opset => scope.Model.Opset();

    /// <summary>Returns the sizes of a value, −1 for unknown sizes; null if the rank is unknown.</summary>
    public long[]? Shape(string value) => shapes.Of(scope, value)?.Shape;

    /// <summary>Returns the sizes of a value if all are known; otherwise null.</summary>
    public long[]? KnownShape(string value) => Shape(value) is { } shape && shape.All(size => size >= 0) ? shape : null;

    public int? Rank(string value) => Shape(value)?.Length;

    public DataType? Type(string value) => shapes.Type(scope, value);

    /// <summary>
    /// Returns whether the result of arithmetic of a value and a constant has the value's shape. A constant with more axes than the value, or with a larger
    /// size along one, gives the result a larger shape.
    /// </summary>
    public bool KeepsShape(string value, TensorProto constant)
    {
        var sizes = constant.Dims;
        if (sizes.Count == 0)
            return true;
        return Shape(value) is { } shape
            && sizes.Count <= shape.Length
            && sizes.Index().All(size => size.Item == 1 || size.Item == shape[shape.Length - sizes.Count + size.Index]);
    }

    /// <summary>Returns whether two dimensions have the same size: a known size, or the same symbol of the model's inputs.</summary>
    public bool AreSame(string value, int axis, string other, int otherAxis)
    {
        if (value == other && axis == otherAxis)
            return true;
        if (shapes.Of(scope, value) is not { } a || shapes.Of(scope, other) is not { } b || axis >= a.Shape.Length || otherAxis >= b.Shape.Length)
            return false;
        return a.Shape[axis] >= 0 ? a.Shape[axis] == b.Shape[otherAxis] : Symbol(a, axis) is { } symbol && symbol == Symbol(b, otherAxis);
    }

    // Returns the symbol of a dimension if it identifies the dimension; null otherwise. Some exporters write '?', '-1' or 'None' for every dynamic dimension.
    private static string? Symbol(InferredTensor tensor, int axis) =>
        axis < tensor.Symbols.Length
        && tensor.Symbols[axis] is [var first, ..] symbol
        && char.IsLetter(first)
        && symbol != "None"
        && tensor.Symbols.Count(other => other == symbol) == 1
            ? symbol
            : null;

    public TensorProto? Constant(string value) => value.Length > 0 && scope.TryGetConstant(value, out var tensor) ? tensor : null;

    /// <summary>Returns integers that older opsets store in an attribute and newer ones in a constant input; null if they are in neither.</summary>
    public long[]? Integers(NodeProto of, int input, string attribute) => of.InputAt(input) is { Length: > 0 } value ? Integers(value) : of.GetInts(attribute);

    /// <summary>Returns the elements of a constant of integers; null for any other value.</summary>
    public long[]? Integers(string value) =>
        Constant(value) switch
        {
            { DataType: (int)DataType.Int64 } tensor => tensor.Span<long>().ToArray(),
            { DataType: (int)DataType.Int32 } tensor => [.. tensor.Span<int>().ToArray().Select(number => (long)number)],
            _ => null,
        };

    /// <summary>Returns the node of this scope that computes the value, if the node has one of the given operators.</summary>
    public NodeProto? Producer(string value, params ReadOnlySpan<string> operators) =>
        scope.Producer(value) is { } producer && scope.Contains(producer) && producer.IsStandard() && operators.Contains(producer.OpType) ? producer : null;

    /// <summary>
    /// Returns the node of this scope that computes the value, if it has one of the operators and this node's input is the only reader of the value, so that
    /// both nodes can be removed together.
    /// </summary>
    public NodeProto? SoleProducer(string value, params ReadOnlySpan<string> operators) => IsReadOnce(value) ? Producer(value, operators) : null;

    /// <summary>
    /// Returns the node that computes the value, if it has one of the operators and only nodes with the site's own operator read the value. A rewrite of all
    /// these readers leaves the node without a reader.
    /// </summary>
    public NodeProto? SharedProducer(string value, params ReadOnlySpan<string> operators) =>
        !scope.IsOutputAnywhere(value) && scope.Consumers(value).All(use => ReferenceEquals(use.Graph, scope) && use.Node.OpType == node.OpType)
            ? Producer(value, operators)
            : null;

    public bool IsReadOnce(string value) => scope.Consumers(value).Count == 1 && !scope.IsOutputAnywhere(value);

    /// <summary>Returns whether an output of the node other than the first has a reader.</summary>
    public bool HasMoreOutputs(NodeProto of) =>
        of.Output.Skip(1).Any(value => value.Length > 0 && (scope.Consumers(value).Count > 0 || scope.IsOutputAnywhere(value)));

    /// <summary>
    /// Redirects all readers of the node's first output to another value. The node is removed, or becomes an Identity if an output must keep its name.
    /// </summary>
    public void Forward(string value)
    {
        var identity = Nodes.Create("Identity", [value], [node.Output[0]]);
        scope.Replace(node, identity);
        scope.Bypass(identity);
    }

    /// <summary>Adds a constant of integers to this scope, and returns its name.</summary>
    public string Add(string hint, params long[] values) => Add(Tensors.Create(hint, [values.Length], values));

    /// <summary>Adds a constant to this scope under a free name that is derived from its own, and returns that name.</summary>
    public string Add(TensorProto tensor)
    {
        var name = scope.FreshName(tensor.Name);
        scope.AddInitializer(tensor.Name == name ? tensor : tensor.WithName(name));
        return name;
    }
}
