using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Charts;

/// <summary>
/// Draws lines over steps, such as those of a training, as an SVG image inside of an HTML page. The image is as wide as the page; the texts beside it are
/// HTML, so that they keep their size on narrow pages.
/// </summary>
internal static class LineChart
{
    // The colours of the lines. The colours also differ in lightness, and are visible on light and dark pages.
    private static readonly string[] _colours = ["#3b82f6", "#16a34a", "#f59e0b", "#dc2626", "#a855f7", "#0891b2", "#db2777", "#78716c"];

    /// <summary>The largest number of lines of one chart, which is the number of colours.</summary>
    public static int MaxLines => _colours.Length;

    /// <summary>Appends the chart to an HTML page, if a line has at least two points.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">The title of the chart.</param>
    /// <param name="lines">The lines, at most <see cref="MaxLines"/>.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="marked">The step that a vertical line marks; 0 for none.</param>
    /// <param name="unit">The name of the steps.</param>
    public static void Append(StringBuilder page, string title, IReadOnlyList<ChartLine> lines, int steps, int marked, string unit = "steps")
    {
        double[] values = [.. lines.SelectMany(line => line.Points).Select(point => point.Value)];
        if (lines.Count == 0 || lines.Max(line => line.Points.Count) < 2)
            return;
        var (low, high) = (values.Min(), values.Max());
        page.Append(CultureInfo.InvariantCulture, $"<figure>\n<figcaption><b>{Html.Text(title)}</b>");
        foreach (var (i, line) in lines.Index())
            page.Append(CultureInfo.InvariantCulture, $"<span class=\"key\" style=\"--c:{_colours[i]}\">{Html.Text(line.Name)}</span>");
        page.Append(
            CultureInfo.InvariantCulture,
            $"</figcaption>\n<div class=\"plot\"><div class=\"scale\"><span>{TrainingWords.Number(high)}</span><span>{TrainingWords.Number(low)}</span></div>\n"
                + $"<svg class=\"lines\" viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" role=\"img\">\n"
                + $"<title>{Html.Text(title)} over {steps} {unit}</title>\n"
        );
        if (marked > 0)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<line x1=\"{X(marked, steps):0.##}\" y1=\"0\" x2=\"{X(marked, steps):0.##}\" y2=\"100\" stroke=\"currentColor\" stroke-opacity=\".4\" "
                    + $"stroke-dasharray=\"3 3\"/>\n"
            );
        foreach (var (i, line) in lines.Index())
            page.Append(
                CultureInfo.InvariantCulture,
                $"<polyline points=\"{string.Join(' ', line.Points.Select(point => Place(point, steps, low, high)))}\" fill=\"none\" "
                    + $"stroke=\"{_colours[i]}\" stroke-width=\"1.5\"/>\n"
            );
        page.Append(CultureInfo.InvariantCulture, $"</svg></div>\n<div class=\"steps\"><span>0</span>");
        if (marked > 0 && marked < steps)
            page.Append(CultureInfo.InvariantCulture, $"<span>kept: step {marked:N0}</span>");
        page.Append(CultureInfo.InvariantCulture, $"<span>{steps:N0} {unit}</span></div>\n</figure>\n");
    }

    private static string Place((int Step, double Value) point, int steps, double low, double high) =>
        string.Create(CultureInfo.InvariantCulture, $"{X(point.Step, steps):0.##},{100 * (high - point.Value) / (high > low ? high - low : 1):0.##}");

    private static double X(int step, int steps) => 100.0 * step / steps;
}
