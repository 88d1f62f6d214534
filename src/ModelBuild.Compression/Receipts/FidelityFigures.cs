using System.Globalization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>Formats the figures of an output for tables.</summary>
internal static class FidelityFigures
{
    /// <summary>Returns a text with the figures of an output besides the SQNR and the largest error; empty when there are none.</summary>
    public static string Of(FidelityFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return string.Join(", ", All(facts));
    }

    /// <summary>Returns all figures of an output in one line, with its name and its limit.</summary>
    public static string Line(FidelityFacts facts)
    {
        string[] figures = [Decibels(facts.SqnrDb), Of(facts), Verdict(facts)];
        return $"{facts.Name}: {string.Join(", ", figures.Where(figure => figure.Length > 0))}";
    }

    /// <summary>Returns the SQNR as text in dB; empty when nothing was compared.</summary>
    public static string Decibels(double? value) =>
        value switch
        {
            null => "",
            >= OutputFidelity.IdenticalDb => "identical",
            _ => $"{SignedNumber.Of(value.Value, 1)} dB",
        };

    /// <summary>Returns a text that states whether the output is within its limit, or the reason why there is no limit.</summary>
    public static string Verdict(FidelityFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.WhyNot is { } why && facts.Budget is null ? $"not measured: {FidelityWords.Why(why)}"
            : facts.Budget is null ? "no budget"
            : $"{(facts.Passed ? "within" : "beyond")} {facts.Budget}";
    }

    private static IEnumerable<string> All(FidelityFacts facts)
    {
        if (facts.Accuracy is { } accuracy)
            yield return $"accuracy {Percent(accuracy.Before)} → {Percent(accuracy.After)}";
        if (facts.Top1Agreement is { } top && facts.Kind is FidelityKind.Scores or FidelityKind.Probabilities or FidelityKind.Tokens or FidelityKind.Indices)
            yield return $"{Percent(top)} {Agreement(facts.Kind)}";
        if (facts.Cosine is { } cosine)
            yield return string.Create(CultureInfo.InvariantCulture, $"cosine {cosine.Mean:0.0000}, at the worst {cosine.Worst:0.0000}")
                + (cosine.KeptNeighbours is { } kept ? $", {Percent(kept)} of neighbours kept" : "");
        if (facts.Matches is { } matches)
            yield return string.Create(CultureInfo.InvariantCulture, $"F1 {matches.F1:0.####}")
                + (matches.StrictF1 is { } strict ? string.Create(CultureInfo.InvariantCulture, $" at IoU .5, {strict:0.####} at .75") : "")
                + string.Create(CultureInfo.InvariantCulture, $" of {matches.Before} and {matches.After} rows");
        if (facts.PsnrDb is { } peak)
            yield return string.Create(CultureInfo.InvariantCulture, $"PSNR {SignedNumber.Of(peak, 1)} dB");
    }

    private static string Agreement(FidelityKind kind) =>
        kind switch
        {
            FidelityKind.Probabilities => "same decisions",
            FidelityKind.Tokens => "same decoded symbols",
            FidelityKind.Indices => "equal",
            _ => "same top-1",
        };

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");
}
