using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Writes the section about the origin of the result: the recipe, its steps, the candidates, and the facts to reproduce it.</summary>
internal static class HistorySection
{
    /// <summary>The style sheet of the section about the origin of the result.</summary>
    public const string Style = """
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.2rem; font-size: .92rem; } dt { color: var(--dim); } dd { margin: 0; }
        .recipe { margin: 0; display: inline-block; } .recipe[open] { display: block; } .recipe > code { display: block; padding: .3rem 0 0 1rem; }
        @media (max-width: 40rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } }

        """;

    /// <summary>Appends the section about the origin of the result to an HTML page.</summary>
    public static void Append(StringBuilder page, Receipt receipt)
    {
        page.Append("<section id=\"how\">\n<h2>How was it made?</h2>\n");
        Facts(page, receipt);
        HtmlSteps.Append(page, receipt.Steps);
        if (receipt.Preprocessing is { } preprocessing)
            page.Append(CultureInfo.InvariantCulture, $"<h3>Pictures</h3>\n<p>{Html.Text(preprocessing.Text)}</p>\n");
        if (receipt.Partition is { } partition)
            HtmlPartition.Append(page, partition);
        Attempts(page, receipt);
        page.Append("</section>\n");
    }

    private static void Facts(StringBuilder page, Receipt receipt)
    {
        var lines = new CommandLine(receipt);
        page.Append("<dl>\n");
        Fact("recipe", receipt.Recipe.Steps.Count == 0 ? "none, the original is deployed" : RecipeText.Of(lines.Recipe));
        Fact("requested", RecipeText.Of(receipt.Recipe.Asked));
        if (receipt.Use?.Class is { } name)
            Fact("class", $"<code>{Html.Text(name)}</code>");
        if (receipt.Use?.Data is { } data)
            Fact("calibration data", $"<code>{Html.Text(data)}</code>");
        Fact("target", Html.Text(receipt.Target));
        Fact("ModelBuild", Html.Text(receipt.ModelBuild));
        Fact("original", $"<code>{Html.Text(receipt.Model)}</code> SHA-256 <code>{Html.Text(receipt.Original.Sha256)}</code>");
        Fact("compressed", $"SHA-256 <code>{Html.Text(receipt.Compressed.Sha256)}</code>");
        Fact("receipt", $"<a href=\"{Uri.EscapeDataString(HtmlReport.ReceiptName(receipt))}\">{Html.Text(HtmlReport.ReceiptName(receipt))}</a>");
        page.Append("</dl>\n");
        if (receipt.Recipe.Steps.Count > 0)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p>This command makes the file again from the same model and data, if the project sets no other options of the model:</p>\n"
                    + $"<pre>{Html.Text(lines.Compress(lines.Recipe, data: null))}</pre>\n"
            );

        void Fact(string what, string html) => page.Append(CultureInfo.InvariantCulture, $"<dt>{what}</dt><dd>{html}</dd>\n");
    }

    private static void Attempts(StringBuilder page, Receipt receipt)
    {
        page.Append("<h3>Candidate recipes</h3>\n<ul>\n");
        foreach (var attempt in receipt.Attempts)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<li>{RecipeText.Of(attempt.Recipe)} "
                    + $"{(attempt.Outcome == AttemptOutcome.Kept ? "<span class=\"good\">kept</span>" : "<span class=\"bad\">refused</span>")}: "
                    + $"{Html.Text(attempt.Why)}</li>\n"
            );
        page.Append("</ul>\n");
    }
}
