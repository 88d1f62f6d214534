using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Creates parts of attention masks over six positions.</summary>
internal static class MaskNets
{
    public static Net Scalar<T>(this Net net, string name, T number)
        where T : unmanaged => net.Constant(name, [], number);

    public static Net Scalar(this Net net, string name, int number) => net.Constant<float>(name, [], number);

    /// <summary>Adds the mask 'keep' in floats.</summary>
    public static Net Keep(this Net net) => net.Node("Cast", "keep", "kept", ("to", (long)DataType.Float));

    public static Net Axis(this Net net) => net.Constant("axis", [1], -1L);

    public static Net Causal(this Net net) => net.Constant("causal", [6, 6], [.. Enumerable.Range(0, 36).Select(i => i % 6 <= i / 6)]);

    /// <summary>Adds a causal mask of ones and zeros for up to 16 positions. When the model runs, the mask is cut to the length of the scores 's'.</summary>
    public static Net Cut(this Net net) =>
        net.Constant("triangle", [16, 16], [.. Enumerable.Range(0, 256).Select(i => i % 16 <= i / 16 ? 1f : 0)])
            .Constant("zero1", [1], 0L)
            .Constant("one1", [1], 1L)
            .Node("Shape", "s", "sizes")
            .Node("Gather", "sizes one1", "length")
            .Node("Slice", "triangle zero1 length zero1", "rows")
            .Node("Slice", "rows zero1 length one1", "cut");
}
