using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Charts;

/// <summary>Draws the distribution of the weights or outputs of a layer before and after compression.</summary>
internal static class HistogramChart
{
    private const int Height = 96;

    /// <summary>Appends the chart of a distribution and the table of its numbers to an HTML page.</summary>
    public static void Append(StringBuilder page, HistogramFacts facts)
    {
        var what = facts.IsWeights ? "weights" : "outputs";
        // The bars' heights are square roots of the shares of elements, so that small shares are visible beside large ones.
        var largest = Math.Sqrt(Math.Max(1, facts.Before.Concat(facts.After ?? []).Max()));
        page.Append(
            CultureInfo.InvariantCulture,
            $"<figure>\n<figcaption>{what} of <code>{Html.Text(facts.Layer)}</code></figcaption>\n"
                + $"<svg height=\"{Height}\" role=\"img\">\n<title>Distribution of the {what} of {Html.Text(facts.Layer)}</title>\n"
        );
        var width = 100.0 / facts.Before.Count;
        foreach (var (i, share) in facts.Before.Index())
            if (share > 0)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"past\" x=\"{Html.Number(i * width)}%\" y=\"{Y(share)}\" width=\"{Html.Number(width)}%\" height=\"{H(share)}\"/>\n"
                );
        foreach (var (i, share) in (facts.After ?? []).Index())
            if (share > 0)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect class=\"now\" x=\"{Html.Number((i + 0.3) * width)}%\" y=\"{Y(share)}\" "
                        + $"width=\"{Html.Number(0.4 * width)}%\" height=\"{H(share)}\"/>\n"
                );
        foreach (var bound in facts.CodeRange ?? [])
            if (bound >= facts.Low && bound <= facts.High)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<line x1=\"{X(bound)}%\" y1=\"0\" x2=\"{X(bound)}%\" y2=\"{Height}\" stroke=\"currentColor\" stroke-dasharray=\"3 3\"/>\n"
                );
        page.Append(
            CultureInfo.InvariantCulture,
            $"<line class=\"grid\" x1=\"0\" y1=\"{Height}\" x2=\"100%\" y2=\"{Height}\"/>\n</svg>\n"
                + $"<div class=\"scale\" style=\"flex-direction:row;width:auto\">"
                + $"<span>{TrainingWords.Number(facts.Low)}</span>{Codes(facts)}<span>{TrainingWords.Number(facts.High)}</span></div>\n"
        );
        Table(page, facts);
        page.Append("</figure>\n");

        string X(double value) => Html.Number(100 * (value - facts.Low) / (facts.High - facts.Low));
        string Y(int share) => Html.Number(Height - Tall(share));
        string H(int share) => Html.Number(Tall(share));
        double Tall(int share) => Height * Math.Sqrt(share) / largest;
    }

    private static string Codes(HistogramFacts facts) =>
        facts.CodeRange is [var low, var high] ? $"<span>codes: {TrainingWords.Number(low)} to {TrainingWords.Number(high)}</span>" : "";

    private static void Table(StringBuilder page, HistogramFacts facts)
    {
        var width = (facts.High - facts.Low) / facts.Before.Count;
        page.Append(
            "<details><summary>as a table</summary>\n<table>\n<tr><th class=\"n\">from</th><th class=\"n\">before</th><th class=\"n\">after</th></tr>\n"
        );
        foreach (var (i, share) in facts.Before.Index())
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td class=\"n\">{TrainingWords.Number(facts.Low + (i * width))}</td><td class=\"n\">{Share(share)}</td>"
                    + $"<td class=\"n\">{(facts.After is { } after ? Share(after[i]) : "")}</td></tr>\n"
            );
        page.Append("</table>\n</details>\n");
    }

    private static string Share(int thousandths) => Html.Percent(thousandths / 1000.0);
}
