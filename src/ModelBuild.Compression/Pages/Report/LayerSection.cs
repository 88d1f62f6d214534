using System.Globalization;
using System.Text;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Writes the section about the layers that cost most: their errors, their distributions, and the graph.</summary>
internal static class LayerSection
{
    private const int MaxWorst = 3;

    /// <summary>Appends the section about the layers with the largest cost to an HTML page.</summary>
    public static void Append(StringBuilder page, Receipt receipt)
    {
        if (receipt.Inspection is not { } inspection)
            return;
        var worst = NextSteps.Worst(receipt, MaxWorst);
        page.Append("<section id=\"layers\">\n<h2>Which layers cost most?</h2>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Html.Text(Summary(receipt, inspection, worst))}</p>\n");
        LayerErrorChart.Append(page, inspection.Layers, worst);
        Table(page, inspection, worst);
        if (inspection.Histograms.Count > 0)
            Histograms(page, inspection);
        GraphList.Append(page, inspection);
        page.Append("</section>\n");
    }

    private static string Summary(Receipt receipt, InspectionFacts inspection, IReadOnlyList<LayerFacts> worst)
    {
        if (receipt.Recipe.Steps.Count == 0)
            return "The original is deployed, so no layer has an error.";
        if (inspection.MeasuredCalls == 0)
            return "The errors of single layers were not measured, because the model is too large for it, or its layers have other outputs than before.";
        var calls = string.Create(CultureInfo.InvariantCulture, $"on {inspection.MeasuredCalls:N0} {(inspection.MeasuredCalls == 1 ? "call" : "calls")}");
        return worst.Count == 0
            ? $"No layer adds an error that can be measured {calls}."
            : $"{worst[0].Name} adds the largest error, measured {calls} with the outputs of all layers: {LayerWords.Error(worst[0])}.";
    }

    private static void Table(StringBuilder page, InspectionFacts inspection, IReadOnlyList<LayerFacts> worst)
    {
        if (worst.Count == 0)
            return;
        page.Append(
            "<table>\n<tr><th class=\"n\"></th><th>largest errors</th><th>runs as</th><th class=\"n\">inputs</th><th class=\"n\">output</th>"
                + "<th class=\"n\">bytes saved</th></tr>\n"
        );
        foreach (var (i, layer) in worst.Index())
            page.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{i + 1}</td>{Cells(layer)}</tr>\n");
        page.Append("</table>\n");
        LayerFacts[] others = [.. inspection.Layers.Where(layer => layer.SqnrDb is not null)];
        page.Append(
            CultureInfo.InvariantCulture,
            $"<details><summary>The {others.Length} measured layers as a table</summary>\n<table>\n<tr><th>layer</th><th>runs as</th>"
                + $"<th class=\"n\">inputs</th><th class=\"n\">output</th><th class=\"n\">bytes saved</th></tr>\n"
        );
        foreach (var layer in others)
            page.Append(CultureInfo.InvariantCulture, $"<tr>{Cells(layer)}</tr>\n");
        page.Append("</table>\n</details>\n");
    }

    private static string Cells(LayerFacts layer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<td><code>{Html.Text(layer.Name)}</code></td><td>{FormWords.Chip(layer.RunsAs)}</td>"
                + $"<td class=\"n\">{FidelityFigures.Decibels(layer.InputDb)}</td>"
                + $"<td class=\"n\">{FidelityFigures.Decibels(layer.SqnrDb)}</td><td class=\"n\">{layer.BytesBefore - layer.BytesAfter:N0}</td>"
        );

    private static void Histograms(StringBuilder page, InspectionFacts inspection)
    {
        page.Append(
            "<h3>Values of these layers</h3>\n<p class=\"sub\">Wide bars are the original, narrow ones the result. Heights are square roots of shares, so that "
                + "rare values are visible. Few codes for many values, or values outside of the range of the codes, explain an error."
                + "</p>\n<div class=\"pair\">\n"
        );
        foreach (var histogram in inspection.Histograms)
            HistogramChart.Append(page, histogram);
        page.Append("</div>\n");
    }
}
