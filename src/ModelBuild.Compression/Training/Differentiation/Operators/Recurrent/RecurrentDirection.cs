using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Recurrent;

/// <summary>
/// One direction of a recurrent layer. The sequences of the reverse direction are reversed, so that each direction runs from its first step to its last.
/// </summary>
internal sealed class RecurrentDirection
{
    private readonly GradientNode _node;
    private readonly int _index;
    private readonly int _count;
    private readonly bool _isReverse;
    private readonly string _inputRows;

    /// <summary>Creates a direction of a recurrent layer from its node.</summary>
    /// <param name="node">The recurrent layer.</param>
    /// <param name="index">The index of the direction.</param>
    /// <param name="count">The number of directions.</param>
    /// <param name="isReverse">Whether the direction starts at the last step.</param>
    public RecurrentDirection(GradientNode node, int index, int count, bool isReverse)
    {
        (_node, _index, _count, _isReverse) = (node, index, count, isReverse);
        var all = node.Output() is { Length: > 0 } known ? known : node.AddOutput(0, "hidden values");
        Mask = RecurrentLayer.Mask(node);
        HiddenWeights = Part(node.Input(2), 0);
        Size = node.Node.GetInt("hidden_size") is var size and > 0 ? size : node.Sizes(node.Input(2))[2];
        var hidden = Ordered(Part(all, 1));
        InitialHidden = node.Has(5) ? Part(node.Input(5), 0) : Zeros(hidden);
        Previous = Shift(hidden, InitialHidden);
        Hidden = hidden;
        _inputRows = Rows(Ordered(node.Input(0)), node.Sizes(node.Input(1))[2]);
    }

    /// <summary>The number of hidden values of the layer.</summary>
    public long Size { get; }

    /// <summary>The hidden values after each step, [steps, batch, hidden].</summary>
    public string Hidden { get; }

    /// <summary>The hidden values before each step, [steps, batch, hidden].</summary>
    public string Previous { get; }

    /// <summary>The first hidden values, [batch, hidden].</summary>
    public string InitialHidden { get; }

    /// <summary>The weights of the hidden values, [gates·hidden, hidden].</summary>
    public string HiddenWeights { get; }

    /// <summary>The name of the mask of the time steps that belong to a sequence; null if all steps do.</summary>
    public string? Mask { get; }

    /// <summary>Returns the products of the input with its weights, plus their biases, for all steps at once, [steps·batch, gates·hidden].</summary>
    public string InputProducts() => Product(_inputRows, Part(_node.Input(1), 0), Bias(0));

    /// <summary>Returns half of the biases: those of the input or those of the hidden values. The result is null if there are none.</summary>
    public string? Bias(int half) => _node.Has(3) ? _node.EmitAll("Split", [Part(_node.Input(3), 0)], 2, "", ("axis", 0L), ("num_outputs", 2L))[half] : null;

    /// <summary>Returns the product of rows with transposed weights, plus an optional addend.</summary>
    public string Product(string rows, string weights, string? addend) =>
        _node.Emit("Gemm", addend is null ? [rows, weights] : [rows, weights, addend], ("transB", 1L));

    /// <summary>Returns the gradient of the output that has the hidden values of all steps; null if the loss does not depend on it.</summary>
    public string? HiddenGradient() => _node.FindGradient(0) is { } gradient ? Masked(Ordered(Part(gradient, 1))) : null;

    /// <summary>Returns the gradient of the last values of a state, [batch, hidden].</summary>
    public string LastGradient(int output) => _node.FindGradient(output) is { } gradient ? Part(gradient, 0) : Zeros(Hidden);

    /// <summary>Sets the values of a sequence to zero at time steps that do not belong to it.</summary>
    public string Masked(string sequence) => Mask is null ? sequence : _node.Emit("Mul", [sequence, Mask]);

    /// <summary>Sets the factors of a sequence to one at time steps that do not belong to it.</summary>
    public string Kept(string factors) => Mask is null ? factors : _node.Emit("Add", [Masked(factors), _node.Emit("Sub", [_node.Number(1), Mask])]);

    /// <summary>Returns the first values of the cells of an LSTM, [batch, hidden].</summary>
    public string InitialCell() => _node.Has(6) ? Part(_node.Input(6), 0) : Zeros(Hidden);

    /// <summary>Returns the values before each time step from those after each step and the first ones.</summary>
    public string Shift(string sequence, string initial)
    {
        var others = _node.Emit("Slice", [sequence, _node.Integers(0), _node.Integers(-1), _node.Integers(0)]);
        return _node.Emit("Concat", [_node.Emit("Unsqueeze", [initial, _node.Integers(0)]), others], ("axis", 0L));
    }

    /// <summary>Reshapes a sequence to rows, [steps·batch, width].</summary>
    public string Rows(string sequence, long width) => _node.Emit("Reshape", [sequence, _node.Integers(-1, width)]);

    /// <summary>Reshapes rows to a sequence, [steps, batch, hidden].</summary>
    public string Sequence(string rows) => _node.Emit("Reshape", [rows, _node.Emit("Shape", [Hidden])], ("allowzero", 1L));

    /// <summary>Returns the gradient of weights: the transposed gradient of their products times the rows that they were multiplied with.</summary>
    public string WeightGradient(string gradient, string rows) => _node.Emit("Gemm", [gradient, rows], ("transA", 1L));

    /// <summary>Returns the gradient of the weights of the input.</summary>
    public string InputWeightGradient(string gradient) => WeightGradient(gradient, _inputRows);

    /// <summary>Returns the gradient of the biases of the direction.</summary>
    public string BiasGradient(RecurrentGradients gradients)
    {
        string Sum(string value) => _node.Emit("ReduceSum", [value, _node.Integers(0)], ("keepdims", 0L));
        var inputs = Sum(gradients.Inputs);
        return _node.Emit("Concat", [inputs, gradients.Hiddens == gradients.Inputs ? inputs : Sum(gradients.Hiddens)], ("axis", 0L));
    }

    /// <summary>Returns the gradient of the input of the layer.</summary>
    public string InputGradient(string gradient) => Ordered(_node.Reshape(_node.Emit("MatMul", [gradient, Part(_node.Input(1), 0)]), _node.Input(0)));

    // Returns the part of a value that belongs to this direction, without the axis of the directions.
    private string Part(string value, long axis)
    {
        var part = _count == 1 ? value : _node.Emit("Slice", [value, _node.Integers(_index), _node.Integers(_index + 1), _node.Integers(axis)]);
        return _node.Emit("Squeeze", [part, _node.Integers(axis)]);
    }

    // Returns a value whose sequences have their time steps in reverse order if the direction is reverse. A second call restores the order.
    private string Ordered(string sequence)
    {
        if (!_isReverse)
            return sequence;
        if (!_node.Has(4))
            return _node.Emit("Slice", [sequence, _node.Integers(-1), _node.Integers(long.MinValue), _node.Integers(0), _node.Integers(-1)]);
        var lengths = _node.Emit("Cast", [_node.Input(4)], ("to", (long)DataType.Int64));
        return _node.Emit("ReverseSequence", [sequence, lengths], ("batch_axis", 1L), ("time_axis", 0L));
    }

    // Returns zeros with the shape of one time step, [batch, hidden].
    private string Zeros(string sequence) => _node.Emit("ConstantOfShape", [_node.Emit("Shape", [sequence], ("start", 1L))]);
}
