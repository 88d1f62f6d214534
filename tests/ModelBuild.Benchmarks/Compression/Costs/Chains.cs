using ModelBuild.Onnx;
using ModelBuild.Testing.Fixtures;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Compression.Costs;

/// <summary>The chains of operators that are measured.</summary>
internal static class Chains
{
    private static readonly (string, object)[] Pooling = [("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 })];

    /// <summary>An operator of one or two operands, both of which are the input.</summary>
    public static OperatorChain Elementwise(string op, long[] shape, int operands = 1) =>
        new(shape, (net, x, y, _) => net.Node(op, string.Join(' ', Enumerable.Repeat(x, operands)), y));

    /// <summary>An operator with a constant operand for each column.</summary>
    public static OperatorChain Broadcast(string op, long[] shape) =>
        new(
            shape,
            (net, x, y, i) =>
                net.Constant($"c{i}", [shape[^1]], [.. Enumerable.Repeat((byte)150, (int)shape[^1])])
                    .Node("DequantizeLinear", $"c{i} scale zero", $"d{i}")
                    .Node(op, $"{x} d{i}", y)
        )
        {
            IsQuantized = true,
        };

    /// <summary>An Add of a constant for each channel of an image, [1, channels, height, width].</summary>
    public static OperatorChain AddToChannels(long[] shape, bool isQuantized) =>
        new(
            shape,
            (net, x, y, i) =>
            {
                if (isQuantized)
                    net.Constant($"k{i}", [shape[1], 1, 1], [.. Enumerable.Repeat((byte)150, (int)shape[1])])
                        .Node("DequantizeLinear", $"k{i} scale zero", $"c{i}");
                else
                    net.Weight($"c{i}", shape[1], 1, 1);
                net.Node("Add", $"{x} c{i}", y);
            }
        )
        {
            IsQuantized = isQuantized,
            Becomes = isQuantized ? "QLinearAdd" : "Add",
        };

    /// <summary>GlobalAveragePool of an image, and an Add of the result to the image, so that the next step has an image too.</summary>
    public static OperatorChain GlobalPoolAndAdd(long[] shape, bool isQuantized) =>
        new(
            shape,
            (net, x, y, _) =>
            {
                var mean = $"{y}_mean";
                net.Node("GlobalAveragePool", x, mean);
                if (isQuantized)
                    net.Node("QuantizeLinear", $"{mean} scale zero", $"{mean}_codes").Node("DequantizeLinear", $"{mean}_codes scale zero", mean += "_again");
                net.Node("Add", $"{x} {mean}", y);
            }
        )
        {
            IsQuantized = isQuantized,
            Becomes = isQuantized ? "QLinearGlobalAveragePool" : "GlobalAveragePool",
        };

    /// <summary>A pooling of 3 × 3.</summary>
    public static OperatorChain Pool(string op, long[] shape) => new(shape, (net, x, y, _) => net.Node(op, x, y, Pooling));

    /// <summary>A pooling of 3 × 3 of codes whose channels are last: [1, height, width, channels].</summary>
    public static OperatorChain PoolOfCodes(string op, long[] shape) =>
        new(
            shape,
            (net, x, y, _) =>
                net.Add(
                    Nodes.Create(
                        op,
                        op.StartsWith("QLinear", StringComparison.Ordinal) ? [x, "scale", "zero", "scale", "zero"] : [x],
                        [y],
                        domain: Domains.Microsoft,
                        attributes: op.StartsWith("QLinear", StringComparison.Ordinal) ? [.. Pooling, ("channels_last", 1L)] : Pooling
                    )
                )
        )
        {
            Type = DataType.Uint8,
        };

    /// <summary>Concat of two values and Split of the result, which both process twice the elements of the shape.</summary>
    public static OperatorChain ConcatAndSplit(long[] shape) =>
        new(
            shape,
            (net, x, y, i) => net.Node("Concat", $"{x} {(i == 0 ? x : $"{x}_b")}", $"{y}_c", ("axis", 1L)).Node("Split", $"{y}_c", $"{y} {y}_b", ("axis", 1L))
        );

    /// <summary>Resize to twice the height and width and back, which both process four times the elements of the shape.</summary>
    public static OperatorChain ResizeAndBack(long[] shape) =>
        new(
            shape,
            (net, x, y, i) =>
                net.Constant($"up{i}", [4], 1f, 1f, 2f, 2f)
                    .Constant($"down{i}", [4], 1f, 1f, 0.5f, 0.5f)
                    .Node("Resize", $"{x} _ up{i}", $"{y}_c", ("mode", "nearest"))
                    .Node("Resize", $"{y}_c _ down{i}", y, ("mode", "nearest"))
        );

    /// <summary>Transpose of codes to channels last and back.</summary>
    public static OperatorChain TransposeAndBack(long[] shape) =>
        new(
            shape,
            (net, x, y, _) =>
                net.Node("Transpose", x, $"{y}_c", ("perm", new long[] { 0, 2, 3, 1 })).Node("Transpose", $"{y}_c", y, ("perm", new long[] { 0, 3, 1, 2 }))
        )
        {
            Type = DataType.Uint8,
            IsOptimized = false,
        };

    /// <summary>QuantizeLinear and DequantizeLinear.</summary>
    public static OperatorChain Convert(long[] shape) =>
        new(shape, (net, x, y, _) => net.Node("QuantizeLinear", $"{x} scale zero", $"{y}_c").Node("DequantizeLinear", $"{y}_c scale zero", y))
        {
            IsOptimized = false,
        };

    /// <summary>A convolution with as many output channels as input channels.</summary>
    public static OperatorChain Convolution(long channels, long size, int kernel, bool isQuantized, long group = 1) =>
        new(
            [1, channels, size, size],
            (net, x, y, i) =>
                Weight(net, $"w{i}", isQuantized, channels, channels / group, kernel, kernel)
                    .Node("Conv", $"{x} w{i}", y, ("pads", Enumerable.Repeat((long)kernel / 2, 4).ToArray()), ("group", group))
        )
        {
            IsQuantized = isQuantized,
            Becomes = isQuantized ? "QLinearConv" : null,
            Steps = 4,
        };

    /// <summary>A matrix product with as many columns as inputs.</summary>
    public static OperatorChain Product(long rows, long columns, bool isQuantized) =>
        new([rows, columns], (net, x, y, i) => Weight(net, $"w{i}", isQuantized, columns, columns).Node("MatMul", $"{x} w{i}", y))
        {
            IsQuantized = isQuantized,
            Becomes = isQuantized ? "QLinearMatMul" : null,
            Steps = 4,
        };

    /// <summary>A product of weights in 4 or 8 bits with as many columns as inputs and a scale for each block of 32 inputs.</summary>
    public static OperatorChain BlockProduct(long rows, long columns, int bits) =>
        new(
            [rows, columns],
            (net, x, y, i) =>
                net.Constant($"w{i}", [columns, columns / 32, 4 * bits], new byte[columns * columns * bits / 8])
                    .Constant($"s{i}", [columns * columns / 32], [.. Enumerable.Repeat(0.01f, (int)(columns * columns / 32))])
                    .Add(
                        Nodes.Create(
                            "MatMulNBits",
                            [x, $"w{i}", $"s{i}"],
                            [y],
                            domain: Domains.Microsoft,
                            attributes: [("K", columns), ("N", columns), ("bits", (long)bits), ("block_size", 32L), ("accuracy_level", 4L)]
                        )
                    )
        )
        {
            Steps = 4,
        };

    private static Net Weight(Net net, string name, bool isQuantized, params long[] shape)
    {
        if (!isQuantized)
            return net.Weight(name, shape);
        var floats = Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), scale: 63);
        return net.Constant($"{name}_codes", shape, Array.ConvertAll(floats, value => (sbyte)value))
            .Constant($"{name}_scale", [], 0.01f)
            .Constant<sbyte>($"{name}_zero", [], 0)
            .Node("DequantizeLinear", $"{name}_codes {name}_scale {name}_zero", name);
    }
}
