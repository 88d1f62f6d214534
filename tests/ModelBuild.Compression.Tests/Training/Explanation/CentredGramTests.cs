using ModelBuild.Compression.Training.Explanation;

namespace ModelBuild.Compression.Tests.Training.Explanation;

/// <summary>Tests the linear centred kernel alignment of two layers.</summary>
public sealed class CentredGramTests
{
    // The expected values were computed with fractions from the definition of the unbiased estimator, with sums over all rows.
    public static TheoryData<float[][], float[][], double> Computed =>
        new()
        {
            {
                [
                    [0],
                    [1],
                    [2],
                    [3],
                    [4],
                ],
                [
                    [0],
                    [1],
                    [4],
                    [9],
                    [16],
                ],
                469.0 / 6 / Math.Sqrt(31.0 / 6 * 12769 / 10)
            },
            {
                [
                    [1, 0],
                    [0, 2],
                    [3, 1],
                    [2, 4],
                    [5, 0],
                    [1, 1],
                ],
                [
                    [1],
                    [2],
                    [2],
                    [6],
                    [3],
                    [0],
                ],
                64.0 / 45 / Math.Sqrt(397.0 / 45 * 131 / 15)
            },
        };

    [Theory]
    [MemberData(nameof(Computed))]
    public void The_alignment_is_the_computed_one(float[][] one, float[][] other, double expected)
    {
        Assert.Equal(expected, Alignment(one, other), 1e-12);
        Assert.Equal(expected, Alignment(other, one), 1e-12);
    }

    [Fact]
    public void Rotation_scale_and_shift_do_not_count()
    {
        var rows = Rows(40, 2, seed: 1);
        var (cosine, sine) = (MathF.Cos(0.7f), MathF.Sin(0.7f));
        float[][] turned = [.. rows.Select(row => new[] { 9 + 5 * (cosine * row[0] - sine * row[1]), 5 * (sine * row[0] + cosine * row[1]) - 3 })];

        // The features are float32 values, which limits the accuracy of the alignment.
        Assert.Equal(1, Alignment(rows, turned), 1e-5);
        Assert.Equal(Alignment(rows, Rows(40, 3, seed: 2)), Alignment(turned, Rows(40, 3, seed: 2)), 1e-5);
    }

    [Theory]
    [InlineData(64, 4)]
    [InlineData(64, 500)]
    [InlineData(256, 64)]
    public void Independent_features_have_a_low_alignment_however_many_they_are(int rows, int features) =>
        Assert.InRange(Alignment(Rows(rows, features, seed: 3), Rows(rows, features, seed: 4)), 0, 0.15);

    [Fact]
    public void Noise_that_is_added_makes_layers_less_similar()
    {
        var rows = Rows(128, 32, seed: 5);
        var noise = Rows(128, 32, seed: 6);
        double[] alignments =
        [
            .. new[] { 0, 0.5f, 1, 3 }.Select(scale =>
                Alignment(rows, [.. rows.Zip(noise, (row, other) => row.Zip(other, (a, b) => a + scale * b).ToArray())])
            ),
        ];

        Assert.Equal(1, alignments[0], 1e-9);
        Assert.Equal(alignments.OrderDescending(), alignments);
        // The covariance of the signal is half of that of the sum.
        Assert.InRange(alignments[2], 0.3, 0.7);
    }

    [Fact]
    public void Features_that_are_the_same_in_all_rows_have_no_alignment() =>
        Assert.Null(CentredGram.Of([.. Enumerable.Repeat(new[] { 0.1f, 0.3f }, 20)]).AlignmentWith(CentredGram.Of(Rows(20, 2, seed: 7))));

    [Fact]
    public void Channels_are_averaged_over_all_positions()
    {
        float[] values = [1, 2, 3, 4, 10, 20, 30, 40];

        Assert.Equal([2.5f, 25], ChannelMeans.Of(new FloatValue([1, 2, 2, 2], values), axis: 1));
        Assert.Equal([(1 + 3 + 10 + 30) / 4f, (2 + 4 + 20 + 40) / 4f], ChannelMeans.Of(new FloatValue([1, 4, 2], values), axis: 2));
        Assert.Equal(values, ChannelMeans.Of(new FloatValue([1, 8], values), axis: 1));
    }

    private static double Alignment(float[][] one, float[][] other) => CentredGram.Of(one).AlignmentWith(CentredGram.Of(other))!.Value;

    private static float[][] Rows(int rows, int features, int seed) => [.. Noise.Floats(rows * features, seed).Chunk(features)];
}
