using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Shapes;

/// <summary>Prepares the shapes of a contract for calls: which sizes are computed from the lengths of inputs, and which outputs have known sizes.</summary>
internal sealed class ShapeProgram
{
    private readonly ModelContract _contract;

    public ShapeProgram(ModelContract contract)
        : this(contract, contract.Variables) { }

    /// <summary>Initializes a new instance of the <see cref="ShapeProgram"/> class for a stream, whose variables differ from those of the contract.</summary>
    public ShapeProgram(ModelContract contract, IReadOnlyList<ShapeVariable> variables)
    {
        _contract = contract;
        Variables = variables;
        Inputs = [.. contract.Inputs.Select((tensor, index) => Template(tensor, index))];
        Outputs = [.. contract.Outputs.Select(tensor => Template(tensor, input: -1))];
        IsFixed = Inputs.All(input => input is { IsFixed: true });
    }

    /// <summary>Gets the shapes of the inputs; an element is null when the caller passes the whole shape.</summary>
    public ShapeTemplate?[] Inputs { get; }

    /// <summary>Gets the shapes of the outputs; an element is null when only the run determines the shape.</summary>
    public ShapeTemplate?[] Outputs { get; }

    public IReadOnlyList<ShapeVariable> Variables { get; }

    /// <summary>Gets whether every call has the same input shapes.</summary>
    public bool IsFixed { get; }

    /// <summary>Returns the symbol of a variable; null when it has none.</summary>
    public string? Symbol(int variable) => _contract.Inputs[Variables[variable].Input].Shape![Variables[variable].Axis].Symbol;

    /// <summary>Returns the symbol of a variable, or its input and axis, such as <c>image/2</c>, when it has none.</summary>
    public string NameOf(int variable) => Symbol(variable) ?? $"{_contract.Inputs[Variables[variable].Input].Name}/{Variables[variable].Axis}";

    private ShapeTemplate? Template(TensorContract tensor, int input)
    {
        if (!tensor.IsTyped || tensor.Shape is not { } shape || (input < 0 && tensor.Type == "string"))
            return null;
        var sizes = new long[shape.Count];
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            var variable = shape[axis].Size is null ? Find(shape[axis], input, axis) : -1;
            if (shape[axis].Size is null && variable < 0)
                return input < 0 ? null : throw new ArgumentException($"The contract has no variable for dimension {axis} of input '{tensor.Name}'.");
            sizes[axis] = shape[axis].Size ?? ~(long)variable;
        }

        return new ShapeTemplate(sizes);
    }

    private int Find(TensorDimension dimension, int input, int axis)
    {
        for (var i = 0; i < Variables.Count; i++)
        {
            var variable = Variables[i];
            if (variable.Input == input && variable.Axis == axis)
                return i;
            if (dimension.Symbol is { } symbol && _contract.Inputs[variable.Input].Shape?[variable.Axis].Symbol == symbol)
                return i;
        }

        return -1;
    }
}
