namespace ModelBuild.Text.Tests.Results;

/// <summary>Pooling of small tensors, computed by hand.</summary>
public sealed class TextPoolingTests
{
    /// <summary>Two rows of three tokens with two values; the first row has padding at its end and the second at its start.</summary>
    private static readonly float[] Hidden = [1, -2, 3, 4, 100, 100, -100, 100, 5, 6, 7, -8];

    private static readonly long[] Mask = [1, 1, 0, 0, 1, 1];

    [Theory]
    [InlineData(TextPoolingKind.Mean, 2, 1, 6, -1)]
    [InlineData(TextPoolingKind.Cls, 1, -2, 5, 6)]
    [InlineData(TextPoolingKind.Max, 3, 4, 7, 6)]
    [InlineData(TextPoolingKind.LastToken, 3, 4, 7, -8)]
    [InlineData(TextPoolingKind.MeanSquareRoot, 2.828427, 1.414214, 8.485281, -1.414214)]
    [InlineData(TextPoolingKind.WeightedMean, 2.333333, 2, 6.2, -2.4)]
    public void Padding_takes_no_part(TextPoolingKind kind, double a, double b, double c, double d)
    {
        var vectors = new float[4];

        TextPooling.Pool(kind, Hidden, Mask, 2, vectors);

        double[] expected = [a, b, c, d];
        for (var i = 0; i < 4; i++)
            Assert.Equal(expected[i], vectors[i], 1e-5);
    }

    [Theory]
    [InlineData(TextPoolingKind.Mean)]
    [InlineData(TextPoolingKind.Max)]
    [InlineData(TextPoolingKind.LastToken)]
    public void A_row_without_tokens_is_zero(TextPoolingKind kind)
    {
        float[] vectors = [9, 9];

        TextPooling.Pool(kind, Hidden.AsSpan(0, 4), [0, 0], 2, vectors);

        Assert.Equal([0, 0], vectors);
    }

    [Fact]
    public void Normalized_vectors_have_the_length_1()
    {
        float[] vectors = [3, 4, 0, 0, 0, -2];

        TextPooling.Normalize(vectors, 2);

        float[] expected = [0.6f, 0.8f, 0, 0, 0, -1];
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], vectors[i], 1e-6f);
    }

    [Fact]
    public void Shapes_are_checked()
    {
        Assert.Throws<ArgumentException>(() => TextPooling.Pool(TextPoolingKind.Mean, Hidden, Mask, 3, new float[4]));
        Assert.Throws<ArgumentException>(() => TextPooling.Pool(TextPoolingKind.Mean, Hidden, Mask, 2, new float[3]));
        Assert.Throws<ArgumentException>(() => TextPooling.Pool(TextPoolingKind.Mean, Hidden, Mask, 2, new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextPooling.Pool((TextPoolingKind)99, Hidden, Mask, 2, new float[4]));
        Assert.Throws<ArgumentException>(() => TextPooling.Normalize(new float[3], 2));
    }
}
