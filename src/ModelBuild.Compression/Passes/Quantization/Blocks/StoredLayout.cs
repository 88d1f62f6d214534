using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Passes.Quantization.Storage;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>The division of a stored weight into blocks that share a scale.</summary>
/// <param name="Weights">The weight as a matrix.</param>
/// <param name="BlockSize">The number of columns of a block, which divides the number of columns of the matrix.</param>
/// <param name="Group">The number of neighbouring columns that belong together, such as the elements of a kernel; 1 if there are none.</param>
/// <param name="CodeShape">The shape of the codes, which differs from that of the weight if blocks have their own axis.</param>
/// <param name="ScaleShape">The shape of the scales, broadcastable to that of the codes.</param>
internal sealed record StoredLayout(WeightMatrix Weights, int BlockSize, int Group, long[] CodeShape, long[] ScaleShape)
{
    /// <summary>Whether the blocks have their own axis, so that a Reshape must restore the shape of the weight.</summary>
    public bool IsCut => BlockSize < Weights.Columns;

    /// <summary>
    /// Returns the layout of a weight, with a block size as near to <paramref name="wanted"/> as its inputs can be divided; with null, each channel has one
    /// scale.
    /// </summary>
    public static StoredLayout Of(WeightSite site, int? wanted)
    {
        var weights = AsMatrix(site);
        var dims = site.Tensor.Dims;
        var group = site.ChannelAxes[0] && !site.ChannelAxes.Skip(1).Any(isChannel => isChannel) ? (int)dims.Skip(2).Aggregate(1L, (a, b) => a * b) : 1;
        // The block size is a multiple of this number. If the channel axes lie between the input axes, a block takes whole runs of the inputs after them.
        var unit = weights.InputsBefore == 1 ? 1 : weights.InputsAfter;
        var size = wanted is { } block && weights.Columns > block ? Nearest(weights.Columns, block, unit, group) : weights.Columns;
        if (size == weights.Columns)
            return new StoredLayout(weights, size, group, [.. dims], site.ScaleShape(perChannel: true));
        var blocks = weights.Columns / size;
        return weights.InputsBefore == 1
            ? new StoredLayout(weights, size, group, [weights.Rows, blocks, size], [weights.Rows, blocks, 1])
            : new StoredLayout(
                weights,
                size,
                group,
                [weights.Outer, blocks, size / unit, weights.Channels, weights.InputsAfter],
                [weights.Outer, blocks, 1, weights.Channels, 1]
            );
    }

    /// <summary>Reorders one number for each row and block to the memory order of the scales.</summary>
    public float[] InScaleOrder(ReadOnlySpan<float> values)
    {
        var blocks = Weights.Columns / BlockSize;
        var result = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, block) = Math.DivRem(i, blocks);
            var (outer, channel) = Math.DivRem(row, Weights.Channels);
            result[(outer * blocks + block) * Weights.Channels + channel] = values[i];
        }

        return Weights.InputsBefore == 1 ? values.ToArray() : result;
    }

    // Returns the weights as a matrix. The axes with their own scales are in front, and the order of the others is inputs, channels, inputs.
    private static WeightMatrix AsMatrix(WeightSite site)
    {
        int[] sizes = [.. site.Tensor.Dims.Select(size => checked((int)size))];
        var axis = 0;
        int Run(bool isChannel)
        {
            var size = 1;
            for (; axis < sizes.Length && site.ChannelAxes[axis] == isChannel; axis++)
                size *= sizes[axis];
            return size;
        }

        var outer = Run(isChannel: true);
        var before = Run(isChannel: false);
        var channels = Run(isChannel: true);
        var after = Run(isChannel: false);
        return channels == 1 && after == 1 ? new WeightMatrix(site.Tensor, 1, 1, outer, before) : new WeightMatrix(site.Tensor, outer, before, channels, after);
    }

    // Returns the block size nearest to the requested one: a multiple of whole kernels if possible, otherwise any size that divides the columns, from half to
    // twice the requested size. If there is none, the block has all columns.
    private static int Nearest(int columns, int wanted, int unit, int group)
    {
        foreach (var step in new[] { Math.Max(unit, group), unit }.Distinct())
        {
            var best = 0;
            for (var size = step; size <= 2 * wanted; size += step)
                if (columns % size == 0 && 2 * size >= wanted && (best == 0 || Distance(size, wanted) < Distance(best, wanted)))
                    best = size;
            if (best > 0)
                return best;
        }

        return columns;
    }

    private static double Distance(int size, int wanted) => Math.Max((double)size / wanted, (double)wanted / size);
}
