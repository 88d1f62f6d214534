using System.Globalization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Runs;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>Computes the contribution of each term to a loss.</summary>
internal static class TermShares
{
    /// <summary>Returns the shares of the terms on held-out rows; empty if no row is held out.</summary>
    /// <param name="first">The training that began.</param>
    /// <param name="last">The training that ended; the same one for a training of one phase. It has the same terms.</param>
    public static IReadOnlyList<TermShare> Of(TrainingResult first, TrainingResult last)
    {
        if (last.HeldOut.Loss is not { } end || first.Curve[0].HeldOut is not { } start)
            return [];
        var before = first.Curve[0].Terms;
        return
        [
            .. last
                .Terms.DistinctBy(term => term.Name)
                .Select(term =>
                {
                    var (one, other) = (before?.GetValueOrDefault(term.Name) ?? start, last.HeldOut.Terms.GetValueOrDefault(term.Name));
                    return new TermShare(term.Name, Weight(term.Weight), one, Share(one, start), other, Share(other, end));
                }),
        ];
    }

    // Returns the weight of a loss term as the shortest decimal number that gives the same float32, such as 0.3.
    private static double Weight(float weight) => double.Parse(weight.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double Share(double part, double whole) => whole > 0 ? Math.Clamp(part / whole, 0, 1) : 0;
}
