using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Shapes;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>Contains the methods that write the inputs of a call.</summary>
public sealed partial class ModelCall
{
    /// <summary>Writes the elements of a tensor input.</summary>
    /// <typeparam name="T">The element type of the input.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <exception cref="ArgumentException">The input has a fixed shape, and the number of elements differs from it.</exception>
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

    /// <summary>Writes an input whose rank the model does not declare.</summary>
    /// <typeparam name="T">The element type of the input.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="shape">The dimensions; their product is the number of elements.</param>
    /// <exception cref="ArgumentException">A dimension is negative, or the shape does not have as many elements as <paramref name="data"/>.</exception>
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
        buffer.SetGivenShape(shape);
        data.CopyTo(buffer.Span);
    }

    /// <summary>Writes an input of a declared rank together with the sizes of its dynamic dimensions, so that they need not be set otherwise.</summary>
    /// <typeparam name="T">The element type of the input.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="shape">The sizes; their product is the number of elements.</param>
    /// <exception cref="ArgumentException">The input has a fixed shape, and the number of elements differs from it.</exception>
    public void WriteShaped<T>(int input, ReadOnlySpan<T> data, ReadOnlySpan<long> shape)
    {
        var buffer = (TensorBuffer<T>)_tensors.Inputs[input];
        try
        {
            SetShape(input, buffer, shape);
            if (data.Length != buffer.Span.Length)
                throw ShapeSolver.WrongLength(buffer.Contract, buffer.Span.Length, data.Length);
        }
        catch (ArgumentException exception)
        {
            throw Failed(exception);
        }

        data.CopyTo(buffer.Span);
    }

    /// <summary>Writes a scalar input.</summary>
    /// <typeparam name="T">The element type of the input.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="value">The element.</param>
    public void WriteScalar<T>(int input, T value) => ((TensorBuffer<T>)_tensors.Inputs[input]).Span[0] = value;

    /// <summary>Writes an input that is a sequence, a map or an optional. The content is copied.</summary>
    /// <typeparam name="T">The type of the input's member in the generated class.</typeparam>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="value">The value; null leaves an optional input out.</param>
    /// <exception cref="ArgumentException">ONNX Runtime does not accept the value.</exception>
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

    /// <summary>Sets the size of a dimension that cannot be inferred from the lengths of the inputs.</summary>
    /// <param name="variable">The index of the dimension's variable in the contract.</param>
    /// <param name="size">The size.</param>
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
    /// Fills all tensor inputs with zeros and leaves optional inputs out. A dynamic dimension has the size from <paramref name="sizes"/>, or 1. Returns
    /// <see langword="false"/> when an input that is not optional has no declared rank or is not a tensor.
    /// </summary>
    internal bool FillWithZeros(IReadOnlyDictionary<string, int>? sizes)
    {
        _isWarmUp = true;
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

    // Sets the shape of an input, and with it the sizes of its dynamic dimensions, which other methods take as arguments.
    private void SetShape<T>(int input, TensorBuffer<T> buffer, ReadOnlySpan<long> shape)
    {
        if (_host.Shapes.Inputs[input] is { IsFixed: true } template)
        {
            if (ShapeTemplate.Product(shape) != template.FixedElements)
                throw ShapeSolver.WrongLength(buffer.Contract, template.FixedElements, CallTensors.BufferLength(buffer.Contract, ShapeTemplate.Product(shape)));
            return;
        }

        buffer.SetLength(CallTensors.BufferLength(buffer.Contract, ShapeTemplate.Product(shape)));
        for (var i = 0; i < _tensors.Variables.Length; i++)
            if (_tensors.Shapes.Variables[i].Input == input)
                _tensors.Variables[i] = shape[_tensors.Shapes.Variables[i].Axis];
    }
}
