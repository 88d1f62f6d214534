using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>A call of a fake model: what came in, and where to put what comes out. Outputs hold zeros before, in the shapes that the model declares.</summary>
public sealed class FakeCall
{
    private readonly CallTensors _tensors;

    internal FakeCall(CallTensors tensors) => _tensors = tensors;

    /// <summary>The elements of an input, row by row.</summary>
    /// <param name="name">The model's own name of it: a constant of the class's <c>Names</c>.</param>
    /// <exception cref="ArgumentException">There is no such input, or its elements have another type.</exception>
    public ReadOnlySpan<T> Input<T>(string name) => Find<T>(_tensors.Inputs, name).Span;

    /// <summary>The dimensions of an input.</summary>
    /// <param name="name">The model's own name of it.</param>
    /// <exception cref="ArgumentException">There is no such input.</exception>
    public ReadOnlySpan<long> InputShape(string name) => Find(_tensors.Inputs, name).Shape;

    /// <summary>An input that is no tensor: a sequence, a map, or an optional, which is null when it is left out.</summary>
    /// <param name="name">The model's own name of it.</param>
    /// <exception cref="ArgumentException">There is no such input, or it is a tensor.</exception>
    public T InputValue<T>(string name) => (T)FindValue(_tensors.Inputs, name).Value!;

    /// <summary>Sets an output that is no tensor.</summary>
    /// <param name="name">The model's own name of it.</param>
    /// <param name="value">What the result's member gives.</param>
    /// <exception cref="ArgumentException">There is no such output, or it is a tensor.</exception>
    public void SetOutputValue<T>(string name, T value) => FindValue(_tensors.Outputs, name).Answer(value);

    /// <summary>Where the elements of an output go; empty where the model does not declare its shape.</summary>
    /// <param name="name">The model's own name of it: a constant of the class's <c>Names</c>.</param>
    /// <exception cref="ArgumentException">There is no such output, or its elements have another type.</exception>
    public Span<T> Output<T>(string name) => Find<T>(_tensors.Outputs, name).Span;

    /// <summary>Sets an output's shape and elements.</summary>
    /// <param name="name">The model's own name of it.</param>
    /// <param name="elements">The elements, row by row.</param>
    /// <param name="shape">The dimensions.</param>
    /// <exception cref="ArgumentException">There is no such output, its elements have another type, or the shape does not fit their number.</exception>
    public void SetOutput<T>(string name, ReadOnlySpan<T> elements, params ReadOnlySpan<long> shape)
    {
        var buffer = Find<T>(_tensors.Outputs, name);
        if (ShapeTemplate.Product(shape) != elements.Length)
            throw new ArgumentException($"Output '{name}' was given the shape [{string.Join(", ", shape.ToArray())}] and {elements.Length} elements.");
        buffer.SetLength(elements.Length);
        buffer.Show(shape.ToArray(), elements.Length);
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
            $"There is no '{name}' here; there are {string.Join(", ", buffers.OfType<TensorBuffer>().Select(buffer => buffer.Contract.Name))}."
        );
}
