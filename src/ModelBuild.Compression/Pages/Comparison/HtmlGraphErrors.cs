using System.Globalization;
using System.Text;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pages.Comparison;

/// <summary>
/// Writes the section of the comparison page about the error along the graph: a chart, the largest steps, and a collapsed table of all values.
/// </summary>
internal static class HtmlGraphErrors
{
    /// <summary>Appends the section about the error along the graph, if a model shares values with the first one.</summary>
    public static void Append(StringBuilder page, ComparisonDocument document, IReadOnlyList<string> names)
    {
        (string Name, ComparedOutputs Outputs)[] models =
        [
            .. names.Zip(document.Models).Skip(1).Select(model => (model.First, model.Second.Outputs!)).Where(model => model.Item2.GraphErrors.Count > 0),
        ];
        if (models.Length == 0)
            return;
        page.Append("<h2>Error along the graph</h2>\n");
        // The models may have different values. The horizontal axis of the chart has the values of all models, each value once.
        string[] values = [.. models.SelectMany(model => model.Outputs.GraphErrors).Select(error => error.Value).Distinct(StringComparer.Ordinal)];
        var places = values.Index().ToDictionary(value => value.Item, value => value.Index + 1, StringComparer.Ordinal);
        LineChart.Append(
            page,
            "SQNR in dB",
            [.. models.Take(LineChart.MaxLines).Select(model => new ChartLine(model.Name, Points(model.Outputs, places)))],
            values.Length,
            marked: 0,
            "values"
        );
        foreach (var (name, outputs) in models)
            Steps(page, name, outputs);
        page.Append(
            "<p class=\"sub\">Values are compared that both files compute by the same name. Quantized models compute them in float with rounded weights and "
                + "activations.</p>\n"
        );
    }

    private static (int Step, double Value)[] Points(ComparedOutputs outputs, Dictionary<string, int> places) =>
        [
            .. outputs
                .GraphErrors.Where(error => Math.Abs(error.SqnrDb) < OutputFidelity.IdenticalDb)
                .Select(error => (places[error.Value], error.SqnrDb))
                .OrderBy(point => point.Item1),
        ];

    private static void Steps(StringBuilder page, string name, ComparedOutputs outputs)
    {
        var steps = outputs.LargestSteps();
        if (steps.Count > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p>The largest steps of {Html.Text(name)}:</p>\n<ul>\n");
            foreach (var step in steps)
                page.Append(CultureInfo.InvariantCulture, $"<li><code>{Html.Text(step.Node)}</code>: {ComparisonWords.Step(step)}</li>\n");
            page.Append("</ul>\n");
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"<details><summary>the {outputs.GraphErrors.Count} values of {Html.Text(name)}</summary>\n<table class=\"fit\">\n"
                + $"<tr><th>node</th><th>value</th><th class=\"n\">SQNR</th></tr>\n"
        );
        foreach (var error in outputs.GraphErrors)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><code>{Html.Text(error.Node)}</code></td><td><code>{Html.Text(error.Value)}</code></td>"
                    + $"<td class=\"n\">{FidelityFigures.Decibels(error.SqnrDb)}</td></tr>\n"
            );
        page.Append("</table>\n</details>\n");
    }
}
