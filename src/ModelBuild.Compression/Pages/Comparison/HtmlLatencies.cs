using System.Globalization;
using System.Text;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Compression.Pages.Comparison;

/// <summary>Writes the section of the comparison page about the measured times of models.</summary>
internal static class HtmlLatencies
{
    /// <summary>Appends the section about measured times to a page.</summary>
    public static void Append(StringBuilder page, ComparisonDocument document, IReadOnlyList<string> names)
    {
        page.Append("<h2>Speed</h2>\n");
        foreach (var latency in document.Latencies)
            Table(page, latency, names);
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"sub\">{ComparisonWords.RatioMeaning} Times are those of calls with {Html.Text(document.Inputs.Text)}. ONNX Runtime "
                + $"{Html.Text(document.Machine.OnnxRuntime)}, provider {Html.Text(document.Machine.Provider)}, {document.Machine.Architecture}, "
                + $"{document.Machine.Cores} cores.</p>\n"
        );
    }

    private static void Table(StringBuilder page, LatencyComparison latency, IReadOnlyList<string> names)
    {
        page.Append(
            CultureInfo.InvariantCulture,
            $"<table class=\"whole\">\n<tr><th>{ComparisonWords.Threads(latency.Threads)}{(latency.Rows == 1 ? "" : $", {latency.Rows} rows")}</th><th></th>"
                + $"<th class=\"n\">p50, ms</th><th class=\"n\">p90, ms</th><th class=\"n\">p99, ms</th><th class=\"n\">ratio</th></tr>\n"
        );
        var longest = latency.Models.Max(model => model.Latency.P50Ms);
        foreach (var (name, model) in names.Zip(latency.Models))
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html.Text(name)}</td><td><div class=\"bar\"><i style=\"width:{100 * model.Latency.P50Ms / longest:0.0}%\"></i></div></td>"
                    + $"<td class=\"n\">{Milliseconds.Format(model.Latency.P50Ms)}</td><td class=\"n\">{Milliseconds.Format(model.Latency.P90Ms)}</td>"
                    + $"<td class=\"n\">{Milliseconds.Format(model.Latency.P99Ms)}</td><td class=\"n\">{ComparisonWords.Ratio(model.Ratio)}</td></tr>\n"
            );
        page.Append("</table>\n");
    }
}
