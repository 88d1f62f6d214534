using System.Globalization;
using System.Net;
using System.Text;

namespace ModelBuild.Compression.Receipts;

/// <summary>Writes the frame of an HTML page without scripts and external resources: its head, with the style sheet of all parts, and its end.</summary>
internal static class HtmlPage
{
    private const string Cells = "th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }";
    private const string Summary = "summary { cursor: pointer; opacity: .8; }";
    private const string Bar = ".bar i { display: block; height: 100%; background: var(--bar); border-radius: 3px; }";

    // Wide tables scroll by themselves, so that texts stay as wide as the page.
    private const string Narrow = "body { padding: 0 1rem; } table { display: block; overflow-x: auto; } th, td { padding-right: .5rem; }";

    private const string Style = $$"""
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --bar: #3b82f6; --good: #16a34a; --bad: #dc2626; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.5rem; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2.2rem 0 .6rem; }
        .sub { opacity: .7; margin: .2rem 0 1.6rem; }
        .facts { display: flex; gap: 2.5rem; flex-wrap: wrap; } .fact b { display: block; font-size: 1.7rem; line-height: 1.2; } .fact span { opacity: .7; }
        table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; opacity: .7; } {{Cells}}
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } .n + td:not(.n), .n + th:not(.n) { padding-left: 1.2rem; } {{Summary}}
        td:has(.bar) { vertical-align: middle; } .bar { background: var(--soft); border-radius: 3px; height: .75rem; min-width: 12rem; } {{Bar}}
        .good { color: var(--good); } .bad { color: var(--bad); } code { font-size: .92em; } details { margin-top: .4rem; } li { margin: .15rem 0; }
        h1, p code { overflow-wrap: anywhere; } @media (max-width: 40rem) { {{Narrow}} }
        {{LineChart.Style}}
        {{HtmlExplanation.Style}}
        """;

    /// <summary>Appends the head.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">The title of the page.</param>
    /// <param name="style">Rules that only this page has; empty for none.</param>
    public static void Start(StringBuilder page, string title, string style = "")
    {
        page.Append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        page.Append(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(title)} – ModelBuild</title>\n<style>\n{Style}\n{style}</style>\n");
    }

    /// <summary>Appends the end.</summary>
    public static void End(StringBuilder page) => page.Append("</html>\n");
}
