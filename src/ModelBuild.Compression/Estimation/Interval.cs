namespace ModelBuild.Compression.Estimation;

/// <summary>The bounds of a figure.</summary>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
internal sealed record Interval(double Low, double High)
{
    /// <summary>The quantile of the normal distribution that bounds 95 % of it on both sides.</summary>
    public const double Z = 1.959963984540054;
}
