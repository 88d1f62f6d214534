using ModelBuild.Compression.Layers;

namespace ModelBuild.Compression.Tests.Solvers;

/// <summary>
/// Codes from 0 to 2^Bits − 1 for the range from the smallest to the largest weight, extended to contain 0. The zero point is an integer. The scale is (max −
/// min) / largest code, and the zero point is round(−min / scale) (Jacob et al. 2018, section 2).
/// </summary>
/// <param name="Bits">The number of bits of a code.</param>
/// <param name="BlockSize">The number of columns that share a scale; null for complete rows.</param>
internal sealed record AsymmetricGrid(int Bits, int? BlockSize = null) : IGridRule
{
    /// <inheritdoc/>
    public WeightGrid Fit(ReadOnlySpan<float> weights, int rows, int columns)
    {
        var greatest = (1 << Bits) - 1;
        var blockSize = BlockSize ?? columns;
        var blocks = (columns + blockSize - 1) / blockSize;
        var scales = new float[rows * blocks];
        var zeroPoints = new float[scales.Length];
        for (var slot = 0; slot < scales.Length; slot++)
        {
            var start = slot % blocks * blockSize;
            float least = 0,
                most = 0;
            foreach (var weight in weights.Slice(slot / blocks * columns + start, Math.Min(blockSize, columns - start)))
                (least, most) = (Math.Min(least, weight), Math.Max(most, weight));
            var scale = (float)(((double)most - least) / greatest);
            scales[slot] = float.IsNormal(scale) ? scale : 1;
            zeroPoints[slot] = (float)Math.Clamp(Math.Round(-least / (double)scales[slot], MidpointRounding.ToEven), 0, greatest);
        }

        return new WeightGrid(rows, columns, blockSize, scales, zeroPoints, 0, greatest);
    }
}
