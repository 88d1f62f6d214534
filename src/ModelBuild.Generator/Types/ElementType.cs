namespace ModelBuild.Generator.Types;

/// <summary>Represents an element type of tensors that has a C# type.</summary>
/// <param name="Onnx">The name in signatures, such as <c>float32</c>.</param>
/// <param name="CSharp">The type in generated code.</param>
/// <param name="Orders">Whether values of the type can be scores, which have a highest one.</param>
internal sealed record ElementType(string Onnx, string CSharp, bool Orders)
{
    private static readonly Dictionary<string, ElementType> Known = new ElementType[]
    {
        new("float32", "float", true),
        new("float64", "double", true),
        new("float16", "global::System.Half", true),
        // The type of ONNX Runtime is used, because .NET has a bfloat16 type since version 11 only.
        new("bfloat16", "global::Microsoft.ML.OnnxRuntime.BFloat16", true),
        new("int8", "sbyte", true),
        new("uint8", "byte", true),
        new("int16", "short", true),
        new("uint16", "ushort", true),
        new("int32", "int", true),
        new("uint32", "uint", true),
        new("int64", "long", true),
        new("uint64", "ulong", true),
        new("bool", "bool", false),
        new("string", "string", false),
    }.ToDictionary(type => type.Onnx);

    public bool IsFloat => Onnx is "float32" or "float64" or "float16" or "bfloat16";

    public bool IsString => Onnx == "string";

    /// <summary>Returns the C# type of a tensor's elements; null if there is none.</summary>
    public static ElementType? Of(Signatures.TensorSignature tensor) => tensor.IsTensor && Known.TryGetValue(tensor.Type, out var type) ? type : null;

    /// <summary>Returns the C# type for ONNX's name of an element type, such as <c>float</c>; null if there is none.</summary>
    public static ElementType? OfOnnx(string name) =>
        Known.TryGetValue(
            name switch
            {
                "float" => "float32",
                "double" => "float64",
                _ => name,
            },
            out var type
        )
            ? type
            : null;
}
