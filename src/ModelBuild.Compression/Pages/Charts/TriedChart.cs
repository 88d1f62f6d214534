using System.Globalization;
using System.Text;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Charts;

/// <summary>Draws the sizes and the fidelities of everything that was tried, with the front of the results that no other result dominates.</summary>
internal static class TriedChart
{
    private const int Height = 220;
    private const double MaxDb = 100;

    /// <summary>Appends the chart of sizes and fidelities and its table to an HTML page, if there are at least two points.</summary>
    /// <param name="page">The page.</param>
    /// <param name="points">The points.</param>
    /// <param name="original">The size of the original in bytes.</param>
    public static void Append(StringBuilder page, IReadOnlyList<TriedPoint> points, long original)
    {
        if (points.Count < 2)
            return;
        // The front is computed without the trials of a search, because their fidelity was measured before the later steps of the recipe.
        var front = TriedPoint.Front([.. points.Where(point => !point.IsTrial)]);
        double right = Math.Max(original, points.Max(point => point.Bytes));
        var (low, high) = (points.Min(Db), points.Max(Db));
        var margin = Math.Max(1, 0.1 * (high - low));
        (low, high) = (low - margin, high + margin);
        page.Append(
            CultureInfo.InvariantCulture,
            $"<figure>\n<figcaption><b>Size and fidelity of everything that was tried</b><span class=\"key\">kept</span>"
                + $"<span class=\"key\" style=\"--c:var(--past)\">not kept</span>"
                + $"Small points are trials inside of a recipe. The line joins the front: no other result is both smaller and nearer to the original."
                + $"</figcaption>\n"
                + $"<div class=\"plot\"><div class=\"scale\"><span>{SignedNumber.Of(high, 0)} dB</span><span>{SignedNumber.Of(low, 0)} dB</span></div>\n"
                + $"<svg height=\"{Height}\" role=\"img\">\n<title>Size and fidelity of {points.Count} results</title>\n"
        );
        for (var i = 1; i < front.Count; i++)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<line x1=\"{X(front[i - 1])}%\" y1=\"{Y(front[i - 1])}\" x2=\"{X(front[i])}%\" y2=\"{Y(front[i])}\" stroke=\"var(--bar)\" "
                    + $"stroke-opacity=\".5\"/>\n"
            );
        foreach (var point in points.OrderBy(point => point.IsKept))
            page.Append(
                CultureInfo.InvariantCulture,
                $"<circle class=\"{(point.IsKept ? "now" : "past")}\" cx=\"{X(point)}%\" cy=\"{Y(point)}\" r=\"{(point.IsTrial ? 3 : 5)}\">"
                    + $"<title>{Html.Text(ShortRecipe.Of(point.Name))}: {Html.Bytes(point.Bytes)}, {FidelityFigures.Decibels(point.SqnrDb)}</title></circle>\n"
            );
        page.Append(
            CultureInfo.InvariantCulture,
            $"</svg></div>\n<div class=\"steps\"><span>0</span><span>{Html.Bytes((long)right)}{(right > original ? "" : ", the original")}</span></div>\n"
        );
        Table(page, points, front);
        page.Append("</figure>\n");

        string X(TriedPoint point) => Html.Number(100 * point.Bytes / right);
        string Y(TriedPoint point) => Html.Number(Height * (high - Db(point)) / (high - low));
    }

    private static double Db(TriedPoint point) => Math.Clamp(point.SqnrDb, -MaxDb, MaxDb);

    private static void Table(StringBuilder page, IReadOnlyList<TriedPoint> points, IReadOnlyList<TriedPoint> front)
    {
        page.Append(
            CultureInfo.InvariantCulture,
            $"<details><summary>The {points.Count} results as a table</summary>\n<table>\n<tr><th>result</th><th class=\"n\">bytes</th>"
                + $"<th class=\"n\">SQNR</th><th></th></tr>\n"
        );
        foreach (var point in points.OrderBy(point => point.Bytes))
        {
            string[] marks =
            [
                .. new[] { point.IsKept ? "kept" : "", front.Contains(point) ? "front" : "", point.IsTrial ? "trial" : "" }.Where(mark => mark != ""),
            ];
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{RecipeText.Of(point.Name)}</td><td class=\"n\">{point.Bytes:N0}</td><td class=\"n\">{FidelityFigures.Decibels(point.SqnrDb)}</td>"
                    + $"<td>{string.Join(", ", marks)}</td></tr>\n"
            );
        }

        page.Append("</table>\n</details>\n");
    }
}
