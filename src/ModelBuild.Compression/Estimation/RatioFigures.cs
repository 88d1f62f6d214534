namespace ModelBuild.Compression.Estimation;

/// <summary>The ratio of two figures that were measured in pairs: the median of the ratios of all pairs, and the range of the middle half of them.</summary>
/// <param name="Median">The median of the ratios.</param>
/// <param name="Low">The lower quartile of the ratios.</param>
/// <param name="High">The upper quartile of the ratios.</param>
internal sealed record RatioFigures(double Median, double Low, double High)
{
    private const int Digits = 4;

    /// <summary>Returns the median and the quartiles of the ratios of all pairs.</summary>
    /// <param name="first">The first figure of each pair, at least one.</param>
    /// <param name="second">The second figure of each pair, which is divided by the first.</param>
    public static RatioFigures Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[] ratios = [.. first.Zip(second, (a, b) => b / a).Order()];
        return new RatioFigures(Part(0.5), Part(0.25), Part(0.75));

        double Part(double share) => Math.Round(Percentiles.Of(ratios, share), Digits);
    }
}
