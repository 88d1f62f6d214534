namespace ModelBuild.Compression.Estimation;

/// <summary>A share that was counted on some samples, and the range in which the share of all samples probably lies.</summary>
/// <param name="Value">The counted share, from 0 to 1.</param>
/// <param name="Low">The lower bound of the 95 % confidence interval.</param>
/// <param name="High">The upper bound of the 95 % confidence interval.</param>
internal sealed record ShareEstimate(double Value, double Low, double High)
{
    private const int Digits = 6;

    /// <summary>
    /// Estimates a share with Wilson's score interval, which stays within 0 and 1 (Wilson, Probable Inference, the Law of Succession, and Statistical
    /// Inference, 1927).
    /// </summary>
    /// <param name="hits">The number of samples that count.</param>
    /// <param name="samples">The number of samples, at least one.</param>
    public static ShareEstimate Of(long hits, long samples)
    {
        const double SquaredZ = Confidence.Z * Confidence.Z;
        var share = (double)hits / samples;
        var centre = (share + (SquaredZ / (2 * samples))) / (1 + (SquaredZ / samples));
        var half = Confidence.Z / (1 + (SquaredZ / samples)) * Math.Sqrt((share * (1 - share) / samples) + (SquaredZ / (4.0 * samples * samples)));
        // If no sample or every sample counts, the bound is set to exactly 0 or 1, because rounding errors would place it beside the share.
        return new ShareEstimate(
            Math.Round(share, Digits),
            hits == 0 ? 0 : Math.Round(centre - half, Digits),
            hits == samples ? 1 : Math.Round(centre + half, Digits)
        );
    }
}
