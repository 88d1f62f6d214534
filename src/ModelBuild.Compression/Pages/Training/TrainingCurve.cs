using System.Globalization;
using System.Text;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Training;

/// <summary>Draws the losses of a training over its steps, and those of each term of the loss if there are several, with a table of the numbers.</summary>
internal static class TrainingCurve
{
    // The largest number of rows in the table of losses. A long training has more points than a reader needs in a table.
    private const int MaxRows = 25;

    /// <summary>Appends the charts and the table of the losses of a training to an HTML page, if there are at least two points.</summary>
    public static void Append(StringBuilder page, TrainingReport training)
    {
        var steps = Math.Max(1, training.Curve[^1].Step);
        ChartLine[] losses = [Line(training, "training rows", point => point.Loss), Line(training, "held-out rows", point => point.HeldOut)];
        LineChart.Append(page, "Loss", [.. losses.Where(line => line.Points.Count > 0)], steps, training.BestStep);
        // If the loss has more terms than the chart has colours, only the largest terms are drawn in the chart.
        ChartLine[] terms =
        [
            .. (training.Curve[0].Terms ?? new Dictionary<string, double>())
                .OrderByDescending(term => term.Value)
                .Take(LineChart.MaxLines)
                .Select(term => Line(training, term.Key, point => point.Terms?.TryGetValue(term.Key, out var value) == true ? value : null)),
        ];
        LineChart.Append(page, "Terms of the loss on held-out rows", terms, steps, training.BestStep);
        if (training.Curve.Count > 1)
            Table(page, [.. losses, .. terms]);
    }

    private static void Table(StringBuilder page, IReadOnlyList<ChartLine> lines)
    {
        var values = lines.Select(line => line.Points.ToDictionary(point => point.Step, point => point.Value)).ToArray();
        int[] all = [.. values.SelectMany(line => line.Keys).Distinct().Order()];
        var every = (all.Length + MaxRows - 1) / MaxRows;
        page.Append("<details><summary>the losses as a table</summary>\n<table>\n<tr><th class=\"n\">step</th>");
        foreach (var line in lines)
            page.Append(CultureInfo.InvariantCulture, $"<th class=\"n\">{Html.Text(line.Name)}</th>");
        page.Append("</tr>\n");
        // The table has steps at even distances, counted back from the last step, which is therefore always in the table.
        foreach (var step in all.Index().Where(step => (all.Length - 1 - step.Index) % every == 0).Select(step => step.Item))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{step:N0}</td>");
            foreach (var line in values)
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{(line.TryGetValue(step, out var value) ? TrainingWords.Number(value) : "")}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</table>\n</details>\n");
    }

    private static ChartLine Line(TrainingReport training, string name, Func<TrainingPoint, double?> value) =>
        new(name, [.. training.Curve.Where(point => value(point) is { } number && double.IsFinite(number)).Select(point => (point.Step, value(point)!.Value))]);
}
