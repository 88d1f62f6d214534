using System.Globalization;
using System.Text;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Writes the section about sizes: the totals, the bytes of each layer, and everything that was tried.</summary>
internal static class SizeSection
{
    private const int MaxBars = 12;

    /// <summary>Appends the section about sizes to an HTML page.</summary>
    public static void Append(StringBuilder page, Receipt receipt)
    {
        var (before, after) = (receipt.Original, receipt.Compressed);
        page.Append("<section id=\"size\">\n<h2>What got smaller?</h2>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Html.Text(Summary(receipt))}</p>\n");
        page.Append("<table class=\"narrow\">\n<tr><th></th><th class=\"n\">original</th><th class=\"n\">compressed</th><th class=\"n\"></th></tr>\n");
        foreach (
            var (name, original, compressed) in new[]
            {
                ("bytes on disk", before.Bytes, after.Bytes),
                ("zipped, as in a package", before.ZippedBytes, after.ZippedBytes),
                ("in memory, loaded", before.MemoryBytes, after.MemoryBytes),
                ("parameters", before.Parameters, after.Parameters),
            }
        )
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{name}</td><td class=\"n\">{original:N0}</td><td class=\"n\">{compressed:N0}</td>"
                    + $"<td class=\"n\">{(original == 0 ? "" : Html.Percent((double)compressed / original))}</td></tr>\n"
            );
        page.Append("</table>\n");
        if (receipt.Inspection is { } inspection)
            Layers(page, inspection);
        TriedChart.Append(page, Tried(receipt), before.Bytes);
        page.Append("</section>\n");
    }

    private static string Summary(Receipt receipt) =>
        receipt.Recipe.Steps.Count == 0 ? "Nothing: the original is deployed."
        : receipt.GainsWhenZippedOnly ? "The model is smaller only in a zipped package: on disk it is as large as before, and it is not faster."
        : $"The file has {Html.Percent((double)receipt.Compressed.Bytes / Math.Max(1, receipt.Original.Bytes))} of its bytes."
            + (receipt.Gain is { } gain ? $" {gain}" : "");

    private static void Layers(StringBuilder page, InspectionFacts inspection)
    {
        LayerFacts[] layers = [.. inspection.Layers.Where(layer => layer.BytesBefore + layer.BytesAfter > 0).OrderByDescending(layer => layer.BytesBefore)];
        BarChart.Append(
            page,
            layers.Length > MaxBars ? $"Bytes of the {MaxBars} largest layers" : "Bytes by layer",
            [.. layers.Take(MaxBars).Select(layer => new BarRow(layer.Name, layer.BytesBefore, layer.BytesAfter))],
            Html.Bytes
        );
        if (layers.Length == 0)
            return;
        page.Append(
            CultureInfo.InvariantCulture,
            $"<details><summary>The {layers.Length} layers as a table</summary>\n<table>\n<tr><th>layer</th><th>operator</th><th>runs as</th>"
                + $"<th class=\"n\">bytes before</th><th class=\"n\">after</th></tr>\n"
        );
        foreach (var layer in layers)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><code>{Html.Text(layer.Name)}</code></td><td>{Html.Text(layer.Operator)}</td><td>{FormWords.Chip(layer.RunsAs)}</td>"
                    + $"<td class=\"n\">{layer.BytesBefore:N0}</td><td class=\"n\">{layer.BytesAfter:N0}</td></tr>\n"
            );
        page.Append("</table>\n");
        if (inspection.OtherLayers > 0)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">{inspection.OtherLayers:N0} smaller ones are not listed.</p>\n");
        page.Append("</details>\n");
    }

    private static List<TriedPoint> Tried(Receipt receipt)
    {
        var points = new List<TriedPoint>();
        foreach (var attempt in receipt.Attempts)
        {
            if (attempt is { Bytes: { } bytes, SqnrDb: { } decibels })
                points.Add(new TriedPoint(attempt.Recipe, bytes, decibels, attempt.Outcome == AttemptOutcome.Kept, IsTrial: false));
            points.AddRange((attempt.Variants ?? []).Select(one => new TriedPoint(one.Name, one.Bytes, one.SqnrDb, IsKept: false, IsTrial: false)));
        }

        points.AddRange(
            receipt
                .Steps.SelectMany(step => step.Trials)
                .Where(trial => trial.Bytes is not null)
                .Select(trial => new TriedPoint(trial.Recipe, trial.Bytes!.Value, trial.SqnrDb, IsKept: false, IsTrial: true))
        );
        return points;
    }
}
