using System.Globalization;

namespace ModelBuild.Compression.Work;

/// <summary>Sums the multiply-adds of a search and compares them with their limit or estimate.</summary>
/// <param name="total">The limit or the estimate.</param>
/// <param name="isEstimate">Whether <paramref name="total"/> is an estimate of all work rather than a limit.</param>
internal sealed class WorkAccount(double total, bool isEstimate = false)
{
    private const double Giga = 1e9;

    private double _counted;

    /// <summary>Adds the multiply-adds of one more trial.</summary>
    public WorkAccount Add(double multiplyAdds)
    {
        _counted += multiplyAdds;
        return this;
    }

    /// <summary>Returns a text with the sum of multiply-adds and its limit or estimate.</summary>
    public override string ToString() =>
        isEstimate ? $"{InGiga(_counted)} of an estimated {InGiga(total)} multiply-adds, {InGiga(Math.Max(0, total - _counted))} remain"
        : _counted <= total ? $"{InGiga(_counted)} of the allowed {InGiga(total)} multiply-adds"
        : $"{InGiga(_counted)} multiply-adds, more than the allowed {InGiga(total)}: the smallest possible amount of work exceeds the limit";

    /// <summary>Formats a number of multiply-adds in units of 10⁹, with three digits.</summary>
    public static string InGiga(double multiplyAdds)
    {
        var value = multiplyAdds / Giga;
        if (!(value > 0))
            return "0 G";
        var digits = Math.Clamp(2 - (int)Math.Floor(Math.Log10(value)), 0, 15);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(value, digits).ToString("#,0.###############", CultureInfo.InvariantCulture)} G");
    }
}
