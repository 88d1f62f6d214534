using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime.Shapes;

/// <summary>The contract's shapes, made ready for calls: what to compute from lengths, and which outputs' sizes follow.</summary>
internal sealed class ShapeProgram
{
    private readonly ModelContract _contract;

    public ShapeProgram(ModelContract contract)
        : this(contract, contract.Variables) { }

    /// <summary>A program that finds the sizes in another way than plain calls do.</summary>
    public ShapeProgram(ModelContract contract, IReadOnlyList<ShapeVariable> variables)
    {
        _contract = contract;
        Variables = variables;
        Inputs = [.. contract.Inputs.Select((tensor, index) => Template(tensor, index))];
        Outputs = [.. contract.Outputs.Select(tensor => Template(tensor, input: -1))];
        IsFixed = Inputs.All(input => input is { IsFixed: true });
    }

    /// <summary>The inputs' shapes; null where the caller gives the whole shape.</summary>
    public ShapeTemplate?[] Inputs { get; }

    /// <summary>The outputs' shapes; null where only the run tells.</summary>
    public ShapeTemplate?[] Outputs { get; }

    public IReadOnlyList<ShapeVariable> Variables { get; }

    /// <summary>Whether every call has the same input shapes.</summary>
    public bool IsFixed { get; }

    /// <summary>The model's name for a variable, if it has one.</summary>
    public string? Symbol(int variable) => _contract.Inputs[Variables[variable].Input].Shape![Variables[variable].Axis].Symbol;

    /// <summary>A variable's symbol, or input and axis, such as <c>image/2</c>, where the model has no name for it.</summary>
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
                return input < 0
                    ? null
                    : throw new ArgumentException($"The contract does not say how dimension {axis} of input '{tensor.Name}' becomes known.");
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
