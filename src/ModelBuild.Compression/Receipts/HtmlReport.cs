using System.Globalization;
using System.Net;
using System.Text;
using ModelBuild.Compression.Counting;

namespace ModelBuild.Compression.Receipts;

/// <summary>Renders a receipt as one HTML page without scripts and external resources. Equal receipts give equal bytes.</summary>
internal static class HtmlReport
{
    /// <summary>Returns the page.</summary>
    public static string Render(Receipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var page = new StringBuilder();
        HtmlPage.Start(page, receipt.Model);
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
        HtmlPage.End(page);
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

        page.Append("<h2>Outputs</h2>\n");
        HtmlFidelity.Append(page, verification, receipt.Fidelity);
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
