using System.Globalization;

namespace ModelBuild.Compression.Work;

/// <summary>Multiply-adds of a search's runs: those that were counted so far, beside the sum that bounds it or that it is estimated to take.</summary>
/// <param name="total">That sum.</param>
/// <param name="isEstimate">Whether the sum is an estimate of all work rather than a bound.</param>
internal sealed class WorkAccount(double total, bool isEstimate = false)
{
    private const double Giga = 1e9;

    private double _counted;

    /// <summary>Counts the work of one more trial.</summary>
    public WorkAccount Add(double multiplyAdds)
    {
        _counted += multiplyAdds;
        return this;
    }

    /// <summary>Both sums, in words.</summary>
    public override string ToString() =>
        isEstimate ? $"{InGiga(_counted)} of an estimated {InGiga(total)} multiply-adds, {InGiga(Math.Max(0, total - _counted))} remain"
        : _counted <= total ? $"{InGiga(_counted)} of the allowed {InGiga(total)} multiply-adds"
        : $"{InGiga(_counted)} multiply-adds, where {InGiga(total)} are allowed: the least that is done takes more";

    /// <summary>A number of multiply-adds in thousands of millions, with three digits.</summary>
    public static string InGiga(double multiplyAdds)
    {
        var value = multiplyAdds / Giga;
        if (!(value > 0))
            return "0 G";
        var digits = Math.Clamp(2 - (int)Math.Floor(Math.Log10(value)), 0, 15);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value, digits).ToString("#,0.###############", CultureInfo.InvariantCulture)} G");
    }
}
