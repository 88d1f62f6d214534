using System.Globalization;
using System.Text;

namespace ModelBuild.Compression.Pages.Charts;

/// <summary>Draws two bars for each name: the value before compression and the value after it.</summary>
internal static class BarChart
{
    private const int RowHeight = 38;
    private const int BarHeight = 6;
    private const int MaxName = 34;

    /// <summary>Appends the chart with two bars for each row to an HTML page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">The title of the chart.</param>
    /// <param name="rows">The rows in their order.</param>
    /// <param name="format">Formats a value.</param>
    public static void Append(StringBuilder page, string title, IReadOnlyList<BarRow> rows, Func<long, string> format)
    {
        if (rows.Count == 0)
            return;
        var largest = Math.Max(1, rows.Max(row => Math.Max(row.Before, row.After)));
        page.Append(
            CultureInfo.InvariantCulture,
            $"<figure>\n<figcaption><b>{Html.Text(title)}</b><span class=\"key\" style=\"--c:var(--past)\">before</span><span class=\"key\">after</span>"
                + $"</figcaption>\n<svg height=\"{rows.Count * RowHeight}\" role=\"img\">\n<title>{Html.Text(title)}</title>\n"
        );
        foreach (var (i, row) in rows.Index())
        {
            var y = i * RowHeight;
            page.Append(
                CultureInfo.InvariantCulture,
                $"<g><title>{Html.Text(row.Name)}: {format(row.Before)} before, {format(row.After)} after</title>"
                    + $"<text class=\"name\" x=\"0\" y=\"{y + 12}\">{Html.Text(Html.End(row.Name, MaxName))}</text>"
                    + $"<text x=\"100%\" y=\"{y + 12}\" text-anchor=\"end\">{format(row.Before)} → {format(row.After)}</text>"
                    + $"<rect class=\"past\" x=\"0\" y=\"{y + 17}\" width=\"{Share(row.Before)}%\" height=\"{BarHeight}\" rx=\"2\"/>"
                    + $"<rect class=\"now\" x=\"0\" y=\"{y + 17 + BarHeight + 1}\" width=\"{Share(row.After)}%\" height=\"{BarHeight}\" rx=\"2\"/></g>\n"
            );
        }

        page.Append("</svg>\n</figure>\n");

        string Share(long value) => Html.Number(100.0 * value / largest);
    }
}
