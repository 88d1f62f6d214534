namespace ModelBuild.Runtime;

/// <summary>An input or output in a model's signature.</summary>
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

    /// <summary>The model's own name of it.</summary>
    public string Name { get; }

    /// <summary><c>tensor</c>, <c>sparse</c>, <c>sequence</c>, <c>map</c> or <c>optional</c>.</summary>
    public string Kind { get; }

    /// <summary>The element type, such as <c>float32</c>; for other kinds than tensor ONNX's own text for the type.</summary>
    public string Type { get; }

    /// <summary>Whether C# can hold the elements, so that the generated class has a member for it.</summary>
    public bool IsTyped { get; }

    /// <summary>The dimensions; null when even their number is unknown, and for other kinds than tensor.</summary>
    public IReadOnlyList<TensorDimension>? Shape { get; }

    /// <summary>The dimensions of the tensors inside a sequence or an optional; null when they are unknown, and for other kinds.</summary>
    public IReadOnlyList<TensorDimension>? ElementShape { get; private init; }

    /// <summary>How a value that is no tensor is copied; null for a tensor, and without a typed member.</summary>
    internal OnnxType? Value { get; }

    /// <summary>A tensor of a known rank; no dimensions make a scalar.</summary>
    public static TensorContract Of(string name, string type, params TensorDimension[] shape) =>
        new(name, "tensor", type, isTyped: true, Array.AsReadOnly(shape));

    /// <summary>A tensor of any rank.</summary>
    public static TensorContract OfUnknownRank(string name, string type) => new(name, "tensor", type, isTyped: true, shape: null);

    /// <summary>A sequence, a map or an optional.</summary>
    /// <param name="name">The model's own name of it.</param>
    /// <param name="kind"><c>sequence</c>, <c>map</c> or <c>optional</c>.</param>
    /// <param name="type">ONNX's own text for the type.</param>
    /// <param name="value">What it is in .NET.</param>
    /// <param name="elementShape">The dimensions of the tensors inside; null when they are unknown.</param>
    public static TensorContract OfValue(string name, string kind, string type, OnnxType value, IReadOnlyList<TensorDimension>? elementShape = null) =>
        new(name, kind, type, isTyped: true, shape: null, value) { ElementShape = elementShape };

    /// <summary>A value without a typed member.</summary>
    public static TensorContract Untyped(string name, string kind, string type) => new(name, kind, type, isTyped: false, shape: null);

    /// <summary>Type and shape, such as <c>float32[batch, 1, 28, 28]</c>.</summary>
    public override string ToString() =>
        Kind != "tensor" || !IsTyped ? Type + (ElementShape is null ? "" : $" with [{string.Join(", ", ElementShape)}]")
        : Shape is null ? $"{Type}[*]"
        : $"{Type}[{string.Join(", ", Shape)}]";
}
