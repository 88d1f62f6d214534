namespace ModelBuild.Compression.Estimation;

/// <summary>The confidence level of all confidence intervals, which is 95 %.</summary>
internal static class Confidence
{
    /// <summary>The quantile of the normal distribution that bounds 95 % of it on both sides.</summary>
    public const double Z = 1.959963984540054;
}
