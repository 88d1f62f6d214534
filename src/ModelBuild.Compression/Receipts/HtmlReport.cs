using System.Globalization;
using System.Net;
using System.Text;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Receipts;

/// <summary>Renders a receipt as one HTML page without scripts and external resources. Equal receipts give equal bytes.</summary>
internal static class HtmlReport
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

    /// <summary>Returns the page.</summary>
    public static string Render(Receipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        page.Append(CultureInfo.InvariantCulture, $"<title>{Text(receipt.Model)} – ModelBuild</title>\n<style>\n{Style}\n</style>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(receipt.Model)}</h1>\n");
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"sub\">{Text(Recipe(receipt))} · {Text(receipt.Target)} · ModelBuild {Text(receipt.ModelBuild)}</p>\n"
        );
        Headline(page, receipt);
        Sizes(page, receipt);
        Fidelity(page, receipt);
        HtmlSteps.Append(page, receipt.Steps);
        if (receipt.Preprocessing is { } preprocessing)
            page.Append(CultureInfo.InvariantCulture, $"<h2>Pictures</h2>\n<p>{Text(preprocessing.Text)}</p>\n");
        if (receipt.Partition is { } partition)
            HtmlPartition.Append(page, partition);
        Attempts(page, receipt);
        page.Append("</html>\n");
        return page.ToString();
    }

    private static void Headline(StringBuilder page, Receipt receipt)
    {
        page.Append("<div class=\"facts\">\n");
        Fact(page, Times((double)receipt.Original.Bytes / receipt.Compressed.Bytes), "smaller on disk");
        if (receipt.GainsWhenZippedOnly)
            Fact(page, Times((double)receipt.Original.ZippedBytes / receipt.Compressed.ZippedBytes), "smaller when zipped");
        if (FidelityFacts.Worst(receipt.Fidelity) is { } worst)
            Fact(page, worst.Nearness, "fidelity of outputs");
        if (receipt.Fidelity.FirstOrDefault(output => output.Accuracy is not null)?.Accuracy is { } accuracy)
            Fact(page, $"{Percent(accuracy.Before)} → {Percent(accuracy.After)}", "accuracy");
        page.Append("</div>\n");
    }

    private static void Sizes(StringBuilder page, Receipt receipt)
    {
        page.Append(
            "<h2>Size</h2>\n<table>\n<tr><th></th><th></th><th class=\"n\">bytes</th><th class=\"n\">zipped</th><th class=\"n\">in memory</th>"
                + "<th class=\"n\">parameters</th><th class=\"n\">multiply-adds</th></tr>\n"
        );
        foreach (var (name, facts) in new[] { ("original", receipt.Original), ("compressed", receipt.Compressed) })
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{name}</td><td><div class=\"bar\">"
                    + $"<i style=\"width:{100.0 * facts.Bytes / Math.Max(receipt.Original.Bytes, receipt.Compressed.Bytes):0.0}%\"></i></div></td>"
                    + $"<td class=\"n\">{facts.Bytes:N0}</td><td class=\"n\">{facts.ZippedBytes:N0}</td><td class=\"n\">{facts.MemoryBytes:N0}</td>"
                    + $"<td class=\"n\">{facts.Parameters:N0}</td><td class=\"n\">{facts.MultiplyAdds:N0}</td></tr>\n"
            );
        page.Append("</table>\n");
        if (receipt.GainsWhenZippedOnly)
            page.Append("<p class=\"sub\">The model is smaller only in a zipped package: on disk it is as large as before, and it is not faster.</p>\n");
        if (receipt.Gain is { } gain)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">{Text(gain)}</p>\n");
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"sub\">The multiply-adds are those {Text(CountedCall.Describe(receipt.InputShapes, receipt.Compressed.Uncounted))}.</p>\n"
        );
    }

    private static void Fidelity(StringBuilder page, Receipt receipt)
    {
        if (receipt.Verification is not { } verification)
            return;
        if (verification.Calls == 0)
        {
            page.Append("<p class=\"bad\">The outputs were not verified.</p>\n");
            return;
        }

        page.Append(
            "<h2>Outputs</h2>\n<table>\n<tr><th>output</th><th>kind</th><th class=\"n\">SQNR</th><th class=\"n\">largest error</th>"
                + "<th>figures</th><th>budget</th></tr>\n"
        );
        foreach (var output in receipt.Fidelity)
        {
            var style =
                output.WhyNot is not null || !output.Passed ? "bad"
                : output.Budget is null ? ""
                : "good";
            var budget = $"<span class=\"{style}\">{Text(FidelityFigures.Verdict(output))}</span>";
            var feeds = output.Feeds is null ? "" : $", an input of {Text(output.Feeds)}";
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><code>{Text(output.Name)}</code>{feeds}</td><td>{FidelityKinds.Name(output.Kind)}</td>"
                    + $"<td class=\"n\">{FidelityFigures.Decibels(output.SqnrDb)}</td><td class=\"n\">{output.MaxAbsoluteError:G3}</td>"
                    + $"<td>{Text(FidelityFigures.Of(output))}</td><td>{budget}</td></tr>\n"
            );
        }

        page.Append("</table>\n");
        if (FidelityFacts.NotExercised(receipt.Fidelity) is { Count: > 0 } silent)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"bad\">Not exercised: {Text(string.Join(", ", silent.Select(output => output.Name)))}. "
                    + $"To measure it, {FidelityWords.Wanted(verification.Inputs)}.</p>\n"
            );
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">Original and compressed model were compared on {verification.Used}.</p>\n");
    }

    private static void Attempts(StringBuilder page, Receipt receipt)
    {
        page.Append("<h2>Candidate recipes</h2>\n<ul>\n");
        foreach (var attempt in receipt.Attempts)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<li><code>{Text(attempt.Recipe)}</code> "
                    + $"{(attempt.Outcome == AttemptOutcome.Kept ? "<span class=\"good\">kept</span>" : "<span class=\"bad\">refused</span>")}: "
                    + $"{Text(attempt.Why)}</li>\n"
            );
        page.Append("</ul>\n");
        foreach (var warning in receipt.Warnings)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"bad\">{Text(warning.Code)}: {Text(warning.Text)}</p>\n");
    }

    private static void Fact(StringBuilder page, string figure, string what) =>
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"fact\"><b>{figure}</b><span>{what}</span></div>\n");

    private static string Recipe(Receipt receipt) => receipt.Recipe.Steps.Count == 0 ? "the original, unchanged" : string.Join(' ', receipt.Recipe.Steps);

    private static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}×");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
