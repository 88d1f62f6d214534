namespace ModelBuild.Runtime;

/// <summary>Represents an input or output in the signature of a model.</summary>
public sealed class TensorContract
{
    private TensorContract(string name, string kind, string type, bool isTyped, IReadOnlyList<TensorDimension>? shape, OnnxType? value = null)
    {
        Name = name;
        Kind = kind;
        Type = type;
        IsTyped = isTyped;
        Shape = shape;
        Value = value;
    }

    /// <summary>Gets the name of the value in the model.</summary>
    public string Name { get; }

    /// <summary>Gets the kind: <c>tensor</c>, <c>sparse</c>, <c>sequence</c>, <c>map</c> or <c>optional</c>.</summary>
    public string Kind { get; }

    /// <summary>Gets the element type of a tensor, such as <c>float32</c>; for other kinds, the text that ONNX uses for the type.</summary>
    public string Type { get; }

    /// <summary>Gets whether the type has a C# type, so that the generated class has a member for the value.</summary>
    public bool IsTyped { get; }

    /// <summary>Gets the dimensions; null when the rank is not declared, and for other kinds than tensor.</summary>
    public IReadOnlyList<TensorDimension>? Shape { get; }

    /// <summary>Gets the dimensions of the tensors inside a sequence or an optional; null when they are not declared, and for other kinds.</summary>
    public IReadOnlyList<TensorDimension>? ElementShape { get; private init; }

    /// <summary>Gets the value in the form that the readers of descriptions use.</summary>
    internal DescribedValue Described =>
        new(Name, Kind == "tensor" && IsTyped ? Type : "", Shape is null ? null : [.. Shape.Select(dimension => (int)(dimension.Size ?? 0))]);

    /// <summary>Gets the .NET type of a value that is not a tensor; null for a tensor, and for a value without a typed member.</summary>
    internal OnnxType? Value { get; }

    /// <summary>Creates the contract of a tensor with a declared rank.</summary>
    /// <param name="name">The name in the model.</param>
    /// <param name="type">The element type, such as <c>float32</c>.</param>
    /// <param name="shape">The dimensions; none for a scalar.</param>
    /// <returns>The contract.</returns>
    public static TensorContract Of(string name, string type, params TensorDimension[] shape) =>
        new(name, "tensor", type, isTyped: true, Array.AsReadOnly(shape));

    /// <summary>Creates the contract of a tensor whose rank is not declared.</summary>
    /// <param name="name">The name in the model.</param>
    /// <param name="type">The element type, such as <c>float32</c>.</param>
    /// <returns>The contract.</returns>
    public static TensorContract OfUnknownRank(string name, string type) => new(name, "tensor", type, isTyped: true, shape: null);

    /// <summary>Creates the contract of a sequence, a map or an optional.</summary>
    /// <param name="name">The name in the model.</param>
    /// <param name="kind"><c>sequence</c>, <c>map</c> or <c>optional</c>.</param>
    /// <param name="type">The text that ONNX uses for the type, such as <c>seq(tensor(float))</c>.</param>
    /// <param name="value">The .NET type.</param>
    /// <param name="elementShape">The dimensions of the tensors inside; null when they are not declared.</param>
    /// <returns>The contract.</returns>
    public static TensorContract OfValue(string name, string kind, string type, OnnxType value, IReadOnlyList<TensorDimension>? elementShape = null) =>
        new(name, kind, type, isTyped: true, shape: null, value) { ElementShape = elementShape };

    /// <summary>Creates the contract of a value without a typed member.</summary>
    /// <param name="name">The name in the model.</param>
    /// <param name="kind">The kind of the value; see <see cref="Kind"/>.</param>
    /// <param name="type">The type; see <see cref="Type"/>.</param>
    /// <returns>The contract.</returns>
    public static TensorContract Untyped(string name, string kind, string type) => new(name, kind, type, isTyped: false, shape: null);

    /// <summary>Determines whether a tensor of a shape has the declared rank and the fixed sizes.</summary>
    /// <param name="shape">The dimensions.</param>
    /// <returns><see langword="true"/> when the shape has the declared rank and the fixed sizes, and no dimension is negative.</returns>
    internal bool Allows(ReadOnlySpan<long> shape)
    {
        foreach (var size in shape)
            if (size < 0)
                return false;
        if (Shape is null)
            return true;
        if (shape.Length != Shape.Count)
            return false;
        for (var axis = 0; axis < shape.Length; axis++)
            if (Shape[axis].Size is { } size && size != shape[axis])
                return false;
        return true;
    }

    /// <summary>Returns the type and the shape, such as <c>float32[batch, 1, 28, 28]</c>.</summary>
    public override string ToString() =>
        Kind != "tensor" || !IsTyped ? Type + (ElementShape is null ? "" : $" with [{string.Join(", ", ElementShape)}]")
        : Shape is null ? $"{Type}[*]"
        : $"{Type}[{string.Join(", ", Shape)}]";
}
