using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <content>Contains the methods that write inputs whose types are known at run time only, for servers.</content>
public sealed partial class ModelCall
{
    /// <summary>
    /// Sets the shape of an input of numbers or booleans and returns its memory, which the caller fills. If the method throws, the caller must
    /// end the call with <see cref="Abandon"/>.
    /// </summary>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="shape">The dimensions.</param>
    /// <returns>The bytes of the elements in row-major order. They have the values of an earlier call.</returns>
    /// <exception cref="ArgumentException">The contract does not allow the shape, or the tensor is larger than a .NET array.</exception>
    public Span<byte> WriteBytes(int input, ReadOnlySpan<long> shape)
    {
        SetGivenShape(input, shape);
        return _tensors.Inputs[input].WritableBytes;
    }

    /// <summary>
    /// Sets the shape of an input of strings and returns its memory, which the caller fills. If the method throws, the caller must end the call
    /// with <see cref="Abandon"/>.
    /// </summary>
    /// <param name="input">The index of the input in the contract.</param>
    /// <param name="shape">The dimensions.</param>
    /// <returns>The elements in row-major order. They have the values of an earlier call.</returns>
    /// <exception cref="ArgumentException">The contract does not allow the shape, or the tensor is larger than a .NET array.</exception>
    public Span<string> WriteStrings(int input, ReadOnlySpan<long> shape)
    {
        SetGivenShape(input, shape);
        return ((TensorBuffer<string>)_tensors.Inputs[input]).Span;
    }

    /// <summary>
    /// Checks that the shapes of the inputs agree with each other. If the method throws, the caller must end the call with <see cref="Abandon"/>.
    /// </summary>
    /// <exception cref="ArgumentException">Two dimensions with the same symbol have different sizes.</exception>
    public void CheckShapes()
    {
        _tensors.Solve();
        for (var i = 0; i < _tensors.Inputs.Length; i++)
            if (_host.Shapes.Inputs[i] is { } template && !template.Matches(_tensors.Variables, _tensors.Inputs[i].GivenShape))
                throw new ArgumentException(
                    $"Input '{_tensors.Inputs[i].Contract.Name}' takes {_tensors.Inputs[i].Contract}, which is [{string.Join(", ", _tensors.InputShape(i))}] "
                        + $"with the sizes of the other inputs. [{string.Join(", ", _tensors.Inputs[i].GivenShape.ToArray())}] was given."
                );
    }

    /// <summary>Ends the use of a call that is not run.</summary>
    public void Abandon() => EndUse();

    private void SetGivenShape(int input, ReadOnlySpan<long> shape)
    {
        var buffer = _tensors.Inputs[input];
        if (!buffer.Contract.Allows(shape))
            throw new ArgumentException($"Input '{buffer.Contract.Name}' takes {buffer.Contract}. The shape [{string.Join(", ", shape.ToArray())}] was given.");
        buffer.SetLength(CallTensors.BufferLength(buffer.Contract, ShapeTemplate.Product(shape)));
        buffer.SetGivenShape(shape);
        for (var i = 0; i < _tensors.Variables.Length; i++)
            if (_tensors.Shapes.Variables[i].Input == input)
                _tensors.Variables[i] = shape[_tensors.Shapes.Variables[i].Axis];
    }
}
