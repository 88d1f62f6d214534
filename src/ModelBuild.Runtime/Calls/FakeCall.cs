using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents one call of a fake model. The delegate of the fake reads the inputs and sets the outputs. Before it runs, the outputs hold zeros in their
/// declared shapes.
/// </summary>
public sealed class FakeCall
{
    private readonly CallTensors _tensors;

    internal FakeCall(CallTensors tensors) => _tensors = tensors;

    /// <summary>Gets the elements of an input in row-major order.</summary>
    /// <typeparam name="T">The element type; float16 is <see cref="Half"/>.</typeparam>
    /// <param name="name">The tensor's name in the model: a constant of the generated class's <c>Names</c>.</param>
    /// <returns>The elements in row-major order.</returns>
    /// <exception cref="ArgumentException">The model has no such input, or its elements have another type.</exception>
    public ReadOnlySpan<T> Input<T>(string name) => Find<T>(_tensors.Inputs, name).Span;

    /// <summary>Gets the shape of an input.</summary>
    /// <param name="name">The value's name in the model.</param>
    /// <returns>The dimensions; the span is empty for a scalar.</returns>
    /// <exception cref="ArgumentException">The model has no such input.</exception>
    public ReadOnlySpan<long> InputShape(string name) => Find(_tensors.Inputs, name).Shape;

    /// <summary>Gets an input that is not a tensor: a sequence, a map or an optional.</summary>
    /// <typeparam name="T">The type of the input's member in the generated class.</typeparam>
    /// <param name="name">The value's name in the model.</param>
    /// <returns>The value; null for an optional input that the caller left out.</returns>
    /// <exception cref="ArgumentException">The model has no such input, or it is a tensor.</exception>
    public T InputValue<T>(string name) => (T)FindValue(_tensors.Inputs, name).Value!;

    /// <summary>Sets an output that is not a tensor.</summary>
    /// <typeparam name="T">The type of the output's member in the generated result.</typeparam>
    /// <param name="name">The value's name in the model.</param>
    /// <param name="value">The value that the member of the result returns.</param>
    /// <exception cref="ArgumentException">The model has no such output, or it is a tensor.</exception>
    public void SetOutputValue<T>(string name, T value) => FindValue(_tensors.Outputs, name).SetValue(value);

    /// <summary>Gets the writable elements of an output in row-major order. The span is empty when the model does not declare the output's shape.</summary>
    /// <typeparam name="T">The element type; float16 is <see cref="Half"/>.</typeparam>
    /// <param name="name">The tensor's name in the model: a constant of the generated class's <c>Names</c>.</param>
    /// <returns>The writable elements.</returns>
    /// <exception cref="ArgumentException">The model has no such output, or its elements have another type.</exception>
    public Span<T> Output<T>(string name) => Find<T>(_tensors.Outputs, name).Span;

    /// <summary>Sets the shape and the elements of an output.</summary>
    /// <typeparam name="T">The element type; float16 is <see cref="Half"/>.</typeparam>
    /// <param name="name">The value's name in the model.</param>
    /// <param name="elements">The elements in row-major order.</param>
    /// <param name="shape">The dimensions; their product is the number of elements.</param>
    /// <exception cref="ArgumentException">The model has no such output, its elements have another type, or the shape does not fit their number.</exception>
    public void SetOutput<T>(string name, ReadOnlySpan<T> elements, params ReadOnlySpan<long> shape)
    {
        var buffer = Find<T>(_tensors.Outputs, name);
        if (ShapeTemplate.Product(shape) != elements.Length)
            throw new ArgumentException($"Output '{name}' was given the shape [{string.Join(", ", shape.ToArray())}] and {elements.Length} elements.");
        buffer.SetLength(elements.Length);
        buffer.SetShape(shape.ToArray(), elements.Length);
        elements.CopyTo(buffer.Span);
    }

    private static ValueBuffer FindValue(TensorBuffer?[] buffers, string name) =>
        Find(buffers, name) as ValueBuffer ?? throw new ArgumentException($"'{name}' is a tensor.");

    private static TensorBuffer<T> Find<T>(TensorBuffer?[] buffers, string name) =>
        Find(buffers, name) is TensorBuffer<T> buffer
            ? buffer
            : throw new ArgumentException($"The elements of '{name}' are {Find(buffers, name).Contract.Type}, not {typeof(T).Name}.");

    private static TensorBuffer Find(TensorBuffer?[] buffers, string name) =>
        buffers.FirstOrDefault(buffer => buffer?.Contract.Name == name)
        ?? throw new ArgumentException(
            $"This model has no value '{name}'. It has {string.Join(", ", buffers.OfType<TensorBuffer>().Select(buffer => buffer.Contract.Name))}."
        );
}
