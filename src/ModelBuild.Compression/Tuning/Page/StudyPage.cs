using System.Globalization;
using System.Text;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Pages;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Tuning.Page;

/// <summary>Renders a study as one HTML page without external resources: the chosen point, everything that was tried, and the front with its times.</summary>
internal static class StudyPage
{
    private const string Style = """
        .chosen td { background: var(--soft); } .recipe { margin: 0; } .recipe > code { display: block; padding: .3rem 0 0 1rem; }
        pre { overflow-x: auto; background: var(--soft); padding: .7rem 1rem; border-radius: 6px; }
        .wide { overflow-x: auto; }

        """;

    /// <summary>Returns the HTML page of a study.</summary>
    public static string Render(StudyDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var page = new StringBuilder();
        var name = Path.GetFileName(document.Model);
        HtmlPage.Start(page, $"Study of {name}", ChartStyle.Text + Style);
        page.Append(
            CultureInfo.InvariantCulture,
            $"<header>\n<h1>Study of {Html.Text(name)}</h1>\n<p class=\"sub\">{document.Trials} recipes ran. The original has "
                + $"{Html.Bytes(document.Bytes)}.</p>\n</header>\n"
        );
        Chosen(page, document, name);
        page.Append("<section>\n<h2>What was tried?</h2>\n");
        TriedChart.Append(
            page,
            [.. document.Front.Select(point => Tried(point, isOnFront: true)), .. document.Others.Select(point => Tried(point, isOnFront: false))],
            document.Bytes
        );
        page.Append("</section>\n");
        Front(page, document);
        Failed(page, document);
        HtmlPage.End(page);
        return page.ToString();
    }

    private static TriedPoint Tried(StudyPoint point, bool isOnFront) => new(point.Recipe, point.Result.Bytes, point.Result.SqnrDb, isOnFront, IsTrial: false);

    private static void Chosen(StringBuilder page, StudyDocument document, string name)
    {
        page.Append("<section>\n<h2>Which recipe is best?</h2>\n");
        if (document.Point is not { } point)
        {
            page.Append(
                "<p class=\"bad\">No recipe is within the budget and the limits. Widen a limit, give more data, or take a point of the front.</p>\n</section>\n"
            );
            return;
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"<p>Point {point.Number}: {RecipeText.Of(point.Recipe)}</p>\n<ul>\n"
                + $"<li>{point.Result.Bytes:N0} bytes, {Html.Percent((double)point.Result.Bytes / document.Bytes)} of the original</li>\n"
        );
        foreach (var output in point.Result.Outputs)
            page.Append(CultureInfo.InvariantCulture, $"<li>{Html.Text(FidelityFigures.Line(output))}, on {point.Result.Judged} held-out samples</li>\n");
        if (point.Result.ExpectedLoss is { } loss)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<li>an estimated loss of {Html.Percent(loss)} on other samples, from the margins of all held-out samples</li>\n"
            );
        foreach (var latency in point.Latencies)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<li>{ComparisonWords.Ratio(latency.Point.Ratio)} of the time of the original, {Html.Text(ComparisonWords.Threads(latency.Threads))}</li>\n"
            );
        page.Append(
            CultureInfo.InvariantCulture,
            $"</ul>\n<p>Builds use this recipe from <code>{Html.Text(Path.ChangeExtension(name, null))}.recipe.json</code>. "
                + $"Another point, with the same --study if it was given:</p>\n"
                + $"<pre>modelbuild tune {Html.Text(name)} --pick NUMBER</pre>\n</section>\n"
        );
    }

    private static void Front(StringBuilder page, StudyDocument document)
    {
        page.Append(
            "<section>\n<h2>What are the alternatives?</h2>\n<p>No other recipe is as small, as fast and as near to the original as one of these. Times are "
                + "relative to the original: predicted by fixed costs, and measured in turns with it on this machine, with the range of the middle half "
                + "of the rounds.</p>\n<div class=\"wide\"><table>\n<tr><th class=\"n\">point</th><th class=\"n\">bytes</th><th class=\"n\">SQNR</th>"
                + "<th class=\"n\">estimated loss</th><th class=\"n\">predicted</th><th class=\"n\">1 thread</th><th class=\"n\">all threads</th>"
                + "<th>budget</th><th>recipe</th></tr>\n"
        );
        foreach (var point in document.Front)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr{(point.Number == document.Chosen ? " class=\"chosen\"" : "")}><td class=\"n\">{point.Number}</td>"
                    + $"<td class=\"n\">{point.Result.Bytes:N0}</td>"
                    + $"<td class=\"n\">{FidelityFigures.Decibels(point.Result.SqnrDb)}</td>"
                    + $"<td class=\"n\">{(point.Result.ExpectedLoss is { } loss ? Html.Percent(loss) : "")}</td>"
                    + $"<td class=\"n\">{point.Result.PredictedTime:0.00}</td>"
            );
            foreach (var place in new[] { 0, 1 })
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<td class=\"n\">{(place < point.Latencies.Count ? ComparisonWords.Ratio(point.Latencies[place].Point.Ratio) : "")}</td>"
                );
            page.Append(
                CultureInfo.InvariantCulture,
                $"<td>{(point.Result.IsWithinBudget ? "<span class=\"good\">within</span>" : "<span class=\"bad\">beyond</span>")}</td>"
                    + $"<td>{RecipeText.Of(point.Recipe)}</td></tr>\n"
            );
        }

        page.Append("</table></div>\n</section>\n");
    }

    private static void Failed(StringBuilder page, StudyDocument document)
    {
        if (document.Failed.Count == 0)
            return;
        page.Append("<section>\n<h2>Which recipes have no result?</h2>\n<ul>\n");
        foreach (var trial in document.Failed)
            page.Append(CultureInfo.InvariantCulture, $"<li>{RecipeText.Of(trial.Recipe)}: {Html.Text(trial.Why)}</li>\n");
        page.Append("</ul>\n</section>\n");
    }
}
