using System.Globalization;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>A node of the forward graph, as the gradient of its operator reads it, with the methods that add nodes to the backward graph.</summary>
/// <param name="backward">The backward graph.</param>
/// <param name="node">The node.</param>
internal sealed class GradientNode(BackwardGraph backward, NodeProto node)
{
    /// <summary>The node of the forward graph.</summary>
    public NodeProto Node => node;

    /// <summary>The version of the ONNX operator set of the model.</summary>
    public long Opset => backward.Graph.Model.Opset();

    /// <summary>The backward graph to which nodes are added.</summary>
    public BackwardGraph Backward => backward;

    /// <summary>The number of inputs of the node, including inputs that are left out.</summary>
    public int InputCount => node.Input.Count;

    /// <summary>Returns the name of an input; empty if it is left out.</summary>
    public string Input(int index) => node.InputAt(index);

    /// <summary>Returns the name of an output; empty if it is left out.</summary>
    public string Output(int index = 0) => index < node.Output.Count ? node.Output[index] : "";

    /// <summary>Returns whether an input of the node is given.</summary>
    public bool Has(int input) => Input(input).Length > 0;

    /// <summary>Returns whether the gradient of an input is needed.</summary>
    public bool Needs(int input) => Has(input) && backward.Needs(Input(input));

    /// <summary>Returns the gradient of an output that is known to have one.</summary>
    public string Gradient(int output = 0) => FindGradient(output)!;

    /// <summary>Returns the gradient of an output; null if the loss does not depend on the output.</summary>
    public string? FindGradient(int output) => Output(output) is { Length: > 0 } value ? backward.Gradient(value) : null;

    /// <summary>Adds a term to the gradient of an input.</summary>
    public void Add(int input, string gradient) => backward.Add(Input(input), gradient);

    /// <summary>Records that the term of an input's gradient is zero.</summary>
    public void AddNothing(int input) => backward.AddNothing(Input(input));

    /// <summary>Adds a term to the gradient of an input that the operator broadcasts: the term is summed over the broadcast axes.</summary>
    /// <param name="input">The index of the input.</param>
    /// <param name="gradient">The term, of the shape of the first output.</param>
    public void AddBroadcast(int input, string gradient) => Add(input, SumToShape(gradient, Output(), Input(input)));

    /// <summary>Adds a term to the gradient of the weights of a convolution.</summary>
    public void AddConvWeights(int input, string gradient, ConvWindow window)
    {
        Add(input, gradient);
        backward.Note(new ConvWeightGradient(gradient, Input(0), Gradient(), window));
    }

    /// <summary>Adds an output to the node of the forward graph, such as the positions of maxima, and returns its name.</summary>
    public string AddOutput(int index, string hint)
    {
        var name = backward.Graph.FreshName($"{hint} of {Output()}");
        backward.Graph.SetOutput(node, index, name);
        return name;
    }

    /// <summary>Adds a node of the ONNX domain with one output, and returns the name of the output.</summary>
    public string Emit(string opType, IEnumerable<string> inputs, params (string Name, object Value)[] attributes) =>
        EmitAll(opType, inputs, 1, "", attributes)[0];

    /// <summary>Adds a node with several outputs, and returns their names.</summary>
    public string[] EmitAll(string opType, IEnumerable<string> inputs, int outputs, string domain = "", params (string Name, object Value)[] attributes) =>
        backward.Emit(node, opType, inputs, outputs, domain, attributes);

    /// <summary>Returns the name of a constant vector of int64.</summary>
    public string Integers(params IEnumerable<long> values) => backward.Integers([.. values]);

    /// <summary>Returns the name of a constant float32 scalar.</summary>
    public string Number(float value) => backward.Number(value);

    /// <summary>Returns the name of a constant float32 tensor.</summary>
    public string Floats(long[] shape, float[] values) => backward.Floats(shape, values);

    /// <summary>Returns the constant that an input refers to; null if the input is computed or left out.</summary>
    public TensorProto? Constant(int input) => Has(input) && backward.Graph.TryGetConstant(Input(input), out var tensor) ? tensor : null;

    /// <summary>Returns the element type of a value; <see cref="DataType.Undefined"/> if it is not known.</summary>
    public DataType Type(string value) => backward.Type(value);

    /// <summary>Returns the sizes of a value; −1 for an unknown size.</summary>
    /// <exception cref="NoGradientException">The rank is not known.</exception>
    public long[] Sizes(string value) =>
        backward.Sizes(value) ?? throw new NoGradientException(string.Create(CultureInfo.InvariantCulture, $"the rank of '{value}' is not known"));

    /// <summary>Returns the number of dimensions of a value.</summary>
    /// <exception cref="NoGradientException">The rank is not known.</exception>
    public int Rank(string value) => Sizes(value).Length;

    /// <summary>Returns an axis of a value counted from its first dimension, for one that may be counted from the last.</summary>
    public int Axis(long axis, string value) => (int)(axis < 0 ? axis + Rank(value) : axis);

    /// <summary>Returns a vector of int64 with the shape of a value: a constant if all sizes are known.</summary>
    public string ShapeOf(string value) => Sizes(value) is var sizes && sizes.All(size => size >= 0) ? Integers(sizes) : Emit("Shape", [value]);

    /// <summary>Sums a gradient over the axes along which a value was broadcast.</summary>
    /// <param name="gradient">The gradient, of the shape of <paramref name="like"/>.</param>
    /// <param name="like">A value of the forward graph.</param>
    /// <param name="value">The value that was broadcast to the shape of <paramref name="like"/>.</param>
    public string SumToShape(string gradient, string like, string value)
    {
        var (from, to) = (Sizes(like), Sizes(value));
        var padded = Enumerable.Repeat(1L, Math.Max(0, from.Length - to.Length)).Concat(to).ToArray();
        // An axis whose target size is 1 was possibly broadcast, so the gradient is summed along it. The other axes must have equal sizes; unknown sizes with
        // the same symbol are equal.
        if (from.Index().All(size => padded[size.Index] == 1 || backward.AreEqual(like, size.Index, value, size.Index - from.Length + to.Length)))
        {
            long[] axes = [.. from.Index().Where(size => padded[size.Index] == 1 && size.Item != 1).Select(size => (long)size.Index)];
            var summed = axes.Length == 0 ? gradient : Emit("ReduceSum", [gradient, Integers(axes)], ("keepdims", 1L));
            return from.Length == to.Length ? summed : Reshape(summed, value);
        }

        return SumToUnknownShape(gradient, value, from.Length - to.Length);
    }

    /// <summary>Reshapes a gradient to the shape of a value.</summary>
    public string Reshape(string gradient, string value) => Emit("Reshape", [gradient, ShapeOf(value)], ("allowzero", 1L));

    /// <summary>
    /// Sums a gradient over the axes along which a value was broadcast, where sizes are not known. The graph then compares the sizes when it runs.
    /// </summary>
    /// <param name="gradient">The gradient.</param>
    /// <param name="value">The value that was broadcast to the shape of the gradient.</param>
    /// <param name="missing">The number of dimensions that the gradient has more than the value.</param>
    public string SumToUnknownShape(string gradient, string value, int missing)
    {
        var shape = Emit("Shape", [value]);
        var padded = missing > 0 ? Emit("Concat", [Integers(Enumerable.Repeat(1L, missing)), shape], ("axis", 0L)) : shape;
        var differs = Emit("Not", [Emit("Equal", [padded, Emit("Shape", [gradient])])]);
        var axes = Emit("Reshape", [Emit("NonZero", [differs]), Integers(-1)]);
        var summed = Emit("ReduceSum", [gradient, axes], ("keepdims", 1L), ("noop_with_empty_axes", 1L));
        return Emit("Reshape", [summed, shape], ("allowzero", 1L));
    }

    /// <summary>Returns whether two dimensions are known to be equal.</summary>
    public bool AreEqual(string one, int axis, string other, int otherAxis) => backward.AreEqual(one, axis, other, otherAxis);
}
