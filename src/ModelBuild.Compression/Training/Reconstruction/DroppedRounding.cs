using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>
/// Leaves out the rounding of activations inside a block at random (QDrop: Wei et al., "QDrop: randomly dropping quantization for extremely low-bit
/// post-training quantization", 2022), so that the block is flat around the values that it is fitted to. Each pair of QuantizeLinear and DequantizeLinear
/// becomes a choice between the rounded number and the one that is only limited to the range of the codes. A mask, which is an input of the block, chooses
/// for each number. The outputs of the block are always rounded.
/// </summary>
internal static class DroppedRounding
{
    /// <summary>Adds the random choices to a block. Returns the shapes of the masks by name.</summary>
    /// <param name="block">The block, which changes.</param>
    /// <param name="types">The types and shapes of its values in a batch.</param>
    /// <returns>The masks: inputs of the block of the type bool, where true rounds a number.</returns>
    public static IReadOnlyDictionary<string, long[]> Add(Graph block, IReadOnlyDictionary<string, InferredTensor> types)
    {
        var masks = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach (var dequantize in block.Nodes.Where(node => node.Is("DequantizeLinear")).ToArray())
        {
            var output = dequantize.Output[0];
            if (
                block.IsOutput(output)
                || block.Producer(dequantize.Input[0]) is not { OpType: "QuantizeLinear" } quantize
                || Limits(block, quantize) is not { } limits
            )
                continue;
            var mask = block.FreshName($"{output} mask");
            block.AddInput(new InferredTensor(DataType.Bool, types[output].Shape).Declare(mask));
            masks[mask] = types[output].Shape;
            var (rounded, limited) = (block.FreshName($"{output} rounded"), block.FreshName($"{output} limited"));
            block.SetOutput(dequantize, 0, rounded);
            block.InsertAfter(
                dequantize,
                Nodes.Create("Clip", [quantize.Input[0], .. limits], [limited], limited),
                // The new node gets a fresh name, because exporters give a node the name of its output, and after this change that node may compute another
                // value.
                Nodes.Create("Where", [mask, rounded, limited], [output], block.FreshName($"{output} choice"))
            );
        }

        return masks;
    }

    // Returns the names of the numbers that the least and the largest code represent, which change with the scale; null if there are several scales.
    private static string[]? Limits(Graph block, NodeProto quantize)
    {
        if (!block.TryGetConstant(quantize.InputAt(2), out var zero) || zero.ElementCount() != 1)
            return null;
        var (least, largest, point) = (DataType)zero.DataType switch
        {
            DataType.Uint8 => (byte.MinValue, byte.MaxValue, zero.Span<byte>()[0]),
            DataType.Int8 => (sbyte.MinValue, sbyte.MaxValue, (int)zero.Span<sbyte>()[0]),
            DataType.Uint16 => (ushort.MinValue, ushort.MaxValue, zero.Span<ushort>()[0]),
            DataType.Int16 => (short.MinValue, short.MaxValue, zero.Span<short>()[0]),
            _ => (0, 0, 0),
        };
        return largest == 0 ? null : [Limit(block, quantize, least - point), Limit(block, quantize, largest - point)];
    }

    private static string Limit(Graph block, NodeProto quantize, float code)
    {
        var (number, limit) = (block.FreshName("code"), block.FreshName("limit"));
        block.AddInitializer(Tensors.Create(number, [], new[] { code }));
        block.InsertBefore(quantize, Nodes.Create("Mul", [quantize.Input[1], number], [limit], limit));
        return limit;
    }
}
