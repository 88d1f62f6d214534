using System.Globalization;
using System.Text;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Pages.Training;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Compression.Pages.Comparison;

/// <summary>Renders a comparison as one HTML page without scripts and external resources.</summary>
internal static class HtmlComparison
{
    private const string Style = """
        .answers { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .8rem; margin: .8rem 0; padding: 0; list-style: none; }
        .answers li { margin: 0; padding: .6rem; border: 1px solid var(--line); border-radius: 6px; overflow-wrap: anywhere; break-inside: avoid; }
        .answers img { display: block; width: 6rem; height: 6rem; object-fit: contain; image-rendering: pixelated; margin-bottom: .4rem; }
        .answers span { display: block; } .whole th.n { white-space: nowrap; }
        @media (max-width: 40rem) { .whole td:has(.bar), .whole th:empty { display: none; } .whole td:first-child { white-space: normal; } }

        """;

    /// <summary>Returns the HTML page of a comparison.</summary>
    public static string Render(ComparisonDocument document)
    {
        var names = document.Names();
        var page = new StringBuilder();
        HtmlPage.Start(page, string.Join(", ", names), ChartStyle.Text + HtmlExplanation.Style + Style);
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Html.Text(names[0])} compared with {Html.Text(string.Join(", ", names.Skip(1)))}</h1>\n");
        for (var place = 1; place < names.Count; place++)
        {
            var style = document.Models[place].Outputs!.Passed ? "good" : "bad";
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"{style}\">{Html.Text(ComparisonWords.Verdict(document, place))}.</p>\n");
        }

        Sizes(page, document, names);
        HtmlLatencies.Append(page, document, names);
        for (var place = 1; place < names.Count; place++)
            Outputs(page, document.Models[place].Outputs!, names[0], names[place]);
        HtmlGraphErrors.Append(page, document, names);
        HtmlPage.End(page);
        return page.ToString();
    }

    private static void Sizes(StringBuilder page, ComparisonDocument document, IReadOnlyList<string> names)
    {
        page.Append(
            "<h2>Size</h2>\n<table class=\"whole\">\n<tr><th>model</th><th></th><th class=\"n\">bytes</th><th class=\"n\">memory, loaded</th>"
                + "<th class=\"n\">memory, peak</th><th class=\"n\">load, ms</th></tr>\n"
        );
        var largest = document.Models.Max(model => model.Bytes);
        foreach (var (place, model) in document.Models.Index())
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html.Text(names[place])}</td>"
                    + $"<td><div class=\"bar\"><i style=\"width:{100.0 * model.Bytes / Math.Max(1, largest):0.0}%\"></i></div></td>"
                    + $"<td class=\"n\">{model.Bytes:N0}</td><td class=\"n\">{model.Memory?.LoadedBytes:N0}</td>"
                    + $"<td class=\"n\">{model.Memory?.PeakBytes:N0}</td>"
                    + $"<td class=\"n\">{Milliseconds.Format(model.LoadMs)}</td></tr>\n"
            );
        page.Append("</table>\n<p class=\"sub\">The memory is what the model adds to a process of its own.</p>\n");
    }

    private static void Outputs(StringBuilder page, ComparedOutputs outputs, string first, string name)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>Outputs of {Html.Text(name)}</h2>\n");
        HtmlFidelity.Append(page, outputs.Verification, outputs.Fidelity);
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"sub\">The outputs were compared with those of {Html.Text(first)} on {outputs.Verification.Used}.</p>\n"
        );
        foreach (var answers in outputs.Answers)
            HtmlAnswers.Append(page, answers, first, name);
    }
}
