namespace ModelBuild.Compression.Estimation;

/// <summary>The difference of two shares that were counted on the same samples, such as the accuracies of two models.</summary>
/// <param name="Value">The second share minus the first.</param>
/// <param name="Low">The lower bound of the 95 % confidence interval.</param>
/// <param name="High">The upper bound of the 95 % confidence interval.</param>
/// <param name="OnlyFirst">The number of samples that count for the first share only.</param>
/// <param name="OnlySecond">The number of samples that count for the second share only.</param>
/// <param name="PValue">The probability of a split at least as uneven as this one if both shares of all samples are equal.</param>
internal sealed record PairedDifference(double Value, double Low, double High, long OnlyFirst, long OnlySecond, double PValue)
{
    private const int Digits = 6;

    /// <summary>
    /// Estimates the difference with the adjusted Wald interval for paired samples, which adds one sample to each of the two counts (Bonett and Price,
    /// Adjusted Wald Confidence Interval for a Difference of Binomial Proportions Based on Paired Data, 2012), and tests it with McNemar's mid-p test
    /// (Fagerland, Lydersen and Laake, The McNemar test for binary matched-pairs data, 2013).
    /// </summary>
    /// <param name="onlyFirst">The number of samples that count for the first share only.</param>
    /// <param name="onlySecond">The number of samples that count for the second share only.</param>
    /// <param name="samples">The number of samples, at least one.</param>
    public static PairedDifference Of(long onlyFirst, long onlySecond, long samples)
    {
        var (first, second) = ((onlyFirst + 1.0) / (samples + 2), (onlySecond + 1.0) / (samples + 2));
        var difference = second - first;
        var half = Confidence.Z * Math.Sqrt((first + second - (difference * difference)) / (samples + 2));
        return new PairedDifference(
            Math.Round((double)(onlySecond - onlyFirst) / samples, Digits),
            Math.Round(Math.Max(-1, difference - half), Digits),
            Math.Round(Math.Min(1, difference + half), Digits),
            onlyFirst,
            onlySecond,
            Math.Round(MidP(Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond), Digits)
        );
    }

    /// <summary>Whether the difference is significant: its confidence interval does not contain 0.</summary>
    public bool IsSignificant => Low > 0 || High < 0;

    // Returns the mid-p value of McNemar's test: twice the probability of at most k heads in n throws of a fair coin, where exactly k heads count half.
    private static double MidP(long k, long n)
    {
        var (term, below) = (n * Math.Log(0.5), 0.0);
        for (var i = 0L; i < k; i++)
        {
            below += Math.Exp(term);
            term += Math.Log((double)(n - i) / (i + 1));
        }

        return Math.Min(1, 2 * (below + (0.5 * Math.Exp(term))));
    }
}
