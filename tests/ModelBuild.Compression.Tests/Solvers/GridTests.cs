using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Passes.Quantization;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class GridTests
{
    [Fact]
    public void Eight_bits_are_those_of_SymmetricInt8()
    {
        var weights = Noise.Floats(6 * 31, seed: 4);
        weights.AsSpan(31, 31).Clear();
        weights[62] = float.Epsilon;

        foreach (var shared in new[] { false, true })
        {
            var (values, scales) = SymmetricInt8.Quantize(weights, [6, 31], [shared ? 1 : 6, 1]);
            var grid = new SymmetricGrid(8) { Shared = shared }.Fit(weights, 6, 31);

            Assert.Equal(shared ? [.. Enumerable.Repeat(scales[0], 6)] : scales, grid.Scales);
            Assert.Equal(values.Select(value => (int)value), grid.Round(weights));
        }
    }

    [Fact]
    public void Ranges_floors_and_blocks()
    {
        float[] weights = [7, -3.5f, 14, 1, 0, 64];

        Assert.Equal([1f, 2f, 64f / 7], new SymmetricGrid(4, 2).Fit(weights, 1, 6).Scales);
        var reduced = new SymmetricGrid(8) { Reduced = true }.Fit(weights, 1, 6);
        Assert.Equal((1f, -64, 64), (reduced.Scales[0], reduced.MinCode, reduced.MaxCode));
        Assert.Equal(
            [3f, 64f / 7],
            new SymmetricGrid(4) { MinScales = [3, 1] }
                .Fit(weights, 2, 3)
                .Scales
        );
        Assert.Equal(
            [64f / 7, 64f / 7],
            new SymmetricGrid(4) { Shared = true }
                .Fit(weights, 2, 3)
                .Scales
        );
    }

    [Fact]
    public void Zero_points_are_whole_and_zero_stays_zero()
    {
        var weights = Noise.Floats(5 * 20, seed: 9);
        for (var i = 0; i < 20; i++)
            (weights[i], weights[20 + i], weights[40 + i]) = (Math.Abs(weights[i]), -Math.Abs(weights[20 + i]), 0);

        var grid = new AsymmetricGrid(4, 16).Fit(weights, 5, 20);

        Assert.Equal((0, 15, 2), (grid.MinCode, grid.MaxCode, grid.Blocks));
        Assert.All(grid.ZeroPoints!, zero => Assert.Equal(zero, Math.Round(zero)));
        Assert.Equal([0, 0, 15, 15, 0, 0], grid.ZeroPoints!.Take(6));
        var codes = grid.Round(weights);
        for (var i = 0; i < weights.Length; i++)
        {
            Assert.Equal(0, grid.Value(i / 20, i % 20, grid.Code(i / 20, i % 20, 0)));
            Assert.Equal(weights[i], grid.Value(i / 20, i % 20, codes[i]), 1.01 * grid.Scales[i / 20 * 2 + i % 20 / 16]);
        }
    }
}
