namespace ModelBuild.Compression.Training.Stored;

/// <summary>The shapes in which codes and scales of a DequantizeLinear are multiplied by broadcasting.</summary>
/// <param name="Codes">The shape of the codes.</param>
/// <param name="Scales">The shape of the scales.</param>
/// <param name="IsBlocked">Whether an axis of the codes is divided into blocks.</param>
internal sealed record BroadcastScales(long[] Codes, long[] Scales, bool IsBlocked)
{
    /// <summary>Returns the shapes for codes with blocks along an axis; null if the last block of the axis is incomplete.</summary>
    /// <param name="codes">The shape of the codes.</param>
    /// <param name="scales">The shape of the scales: none, one dimension, or that of the codes with blocks on the axis.</param>
    /// <param name="axis">The axis of the scales.</param>
    /// <param name="block">The number of codes of a block; 0 for one scale for each index of the axis.</param>
    public static BroadcastScales? Of(long[] codes, long[] scales, int axis, long block)
    {
        axis = axis < 0 ? axis + codes.Length : axis;
        if (scales.Aggregate(1L, (a, b) => a * b) == 1)
            return new BroadcastScales(codes, [], IsBlocked: false);
        if (block == 0)
            return new BroadcastScales(codes, [.. codes.Select((size, i) => i == axis ? size : 1)], IsBlocked: false);
        if (codes[axis] % block != 0)
            return null;
        return new BroadcastScales(
            [.. codes[..axis], codes[axis] / block, block, .. codes[(axis + 1)..]],
            [.. scales[..(axis + 1)], 1, .. scales[(axis + 1)..]],
            IsBlocked: true
        );
    }
}
