using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>The inputs of a call.</summary>
public sealed partial class ModelCall
{
    /// <summary>Writes an input.</summary>
    /// <param name="input">Its index in the contract.</param>
    /// <param name="data">The elements, row by row.</param>
    /// <exception cref="ArgumentException">The input has a fixed shape and this is not its length.</exception>
    public void Write<T>(int input, ReadOnlySpan<T> data)
    {
        var buffer = (TensorBuffer<T>)_tensors.Inputs[input];
        if (_host.Shapes.Inputs[input] is { IsFixed: true } template)
        {
            if (data.Length != template.FixedElements)
                throw Failed(ShapeSolver.WrongLength(buffer.Contract, template.FixedElements, data.Length));
        }
        else
        {
            buffer.SetLength(data.Length);
        }

        data.CopyTo(buffer.Span);
    }

    /// <summary>Writes an input whose rank the model leaves open.</summary>
    /// <param name="input">Its index in the contract.</param>
    /// <param name="data">The elements, row by row.</param>
    /// <param name="shape">The dimensions.</param>
    /// <exception cref="ArgumentException">Shape and length do not agree.</exception>
    public void Write<T>(int input, ReadOnlySpan<T> data, ReadOnlySpan<long> shape)
    {
        var buffer = (TensorBuffer<T>)_tensors.Inputs[input];
        foreach (var size in shape)
            if (size < 0)
                throw Failed(new ArgumentException($"Input '{buffer.Contract.Name}' cannot have the shape [{string.Join(", ", shape.ToArray())}]."));
        if (ShapeTemplate.Product(shape) != data.Length)
            throw Failed(
                new ArgumentException($"Input '{buffer.Contract.Name}' was given the shape [{string.Join(", ", shape.ToArray())}] and {data.Length} elements.")
            );
        buffer.SetLength(data.Length);
        buffer.GiveShape(shape);
        data.CopyTo(buffer.Span);
    }

    /// <summary>Writes an input without dimensions.</summary>
    public void WriteScalar<T>(int input, T value) => ((TensorBuffer<T>)_tensors.Inputs[input]).Span[0] = value;

    /// <summary>Writes an input that is no tensor; what is inside is copied.</summary>
    /// <param name="input">Its index in the contract.</param>
    /// <param name="value">The value; null leaves an optional one out.</param>
    /// <exception cref="ArgumentException">It is nothing that ONNX Runtime takes.</exception>
    public void WriteValue<T>(int input, T value)
    {
        var buffer = (ValueBuffer)_tensors.Inputs[input];
        try
        {
            buffer.Set(value);
        }
        catch (ArgumentException exception)
        {
            throw Failed(new ArgumentException($"Input '{buffer.Contract.Name}' takes {buffer.Contract}: {exception.Message}.", exception));
        }
    }

    /// <summary>Says a dimension that does not follow from lengths.</summary>
    /// <param name="variable">Its index in the contract.</param>
    /// <param name="size">Its size.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public void SetDimension(int variable, int size)
    {
        if (size < 0)
        {
            var (input, axis) = (_host.Contract.Inputs[_tensors.Shapes.Variables[variable].Input], _tensors.Shapes.Variables[variable].Axis);
            throw Failed(
                new ArgumentOutOfRangeException(input.Shape![axis].Symbol, size, $"Dimension {axis} of input '{input.Name}', {input}, cannot be negative.")
            );
        }

        _tensors.Variables[variable] = size;
    }

    /// <summary>
    /// Writes zeros, for each open dimension the size that is given, or 1, and leaves optional inputs out; false where there are no zeros for an input, or even its rank is open.
    /// </summary>
    internal bool FillWithZeros(IReadOnlyDictionary<string, int>? sizes)
    {
        for (var i = 0; i < _tensors.Inputs.Length; i++)
            if (_host.Shapes.Inputs[i] is null && _tensors.Inputs[i].Contract.Kind != "optional")
                return false;
        for (var i = 0; i < _tensors.Variables.Length; i++)
            _tensors.Variables[i] = sizes?.GetValueOrDefault(_host.Shapes.NameOf(i), 1) ?? 1;
        for (var i = 0; i < _tensors.Inputs.Length; i++)
        {
            var input = _tensors.Inputs[i];
            if (_host.Shapes.Inputs[i] is not null)
                input.SetLength(CallTensors.BufferLength(input.Contract, _tensors.InputShape(i)));
            input.Clear();
        }

        return true;
    }
}
