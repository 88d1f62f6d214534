using System.Globalization;
using System.Text;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Pages.Training;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>
/// Renders a receipt as one HTML page without external resources, with one section for each question of the reader. The page is readable without its script.
/// Equal receipts give equal bytes.
/// </summary>
internal static class HtmlReport
{
    private const string Style = """
        nav { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; margin-top: 1.6rem; font-size: .92rem; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: 1.2rem 2rem; margin-top: 2rem; }
        .fact b { display: block; font-size: 1.7rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; overflow-wrap: anywhere; }
        .fact span { color: var(--dim); font-size: .92rem; }
        .verdict { font-size: 1.08rem; padding: .9rem 1.1rem; border-left: .3rem solid; border-radius: 0 6px 6px 0; background: var(--soft); max-width: none; }
        .verdict.plain { border-color: var(--past); }

        """;

    /// <summary>Returns the name of the file of the receipt, which the page expects beside it.</summary>
    public static string ReceiptName(Receipt receipt) => $"{receipt.Use?.Class ?? Path.GetFileNameWithoutExtension(receipt.Model)}.receipt.json";

    /// <summary>Returns the HTML page of a receipt.</summary>
    public static string Render(Receipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var page = new StringBuilder();
        var styles =
            ChartStyle.Text + FormWords.Style + Style + SpeedSection.Style + GraphList.Style + NextSection.Style + HistorySection.Style + HtmlExplanation.Style;
        HtmlPage.Start(page, receipt.Model, styles, GraphList.Script);
        Head(page, receipt);
        VerdictSection.Append(page, receipt);
        SizeSection.Append(page, receipt);
        SpeedSection.Append(page, receipt);
        LayerSection.Append(page, receipt);
        NextSection.Append(page, receipt);
        HistorySection.Append(page, receipt);
        HtmlPage.End(page, GraphList.Script);
        return page.ToString();
    }

    private static void Head(StringBuilder page, Receipt receipt)
    {
        var recipe = receipt.Recipe.Steps.Count == 0 ? "the original, unchanged" : ShortRecipe.Of(string.Join(' ', receipt.Recipe.Steps));
        page.Append(
            CultureInfo.InvariantCulture,
            $"<header>\n<h1>{Html.Text(receipt.Model)}</h1>\n<p class=\"sub\">{Html.Text(recipe)} · {Html.Text(receipt.Target)} · ModelBuild "
                + $"{Html.Text(receipt.ModelBuild)}</p>\n"
        );
        Headline(page, receipt);
        page.Append("<nav><a href=\"#right\">Still right?</a> <a href=\"#size\">Smaller?</a> <a href=\"#speed\">Faster?</a> ");
        if (receipt.Inspection is not null)
            page.Append("<a href=\"#layers\">Which layers?</a> ");
        page.Append("<a href=\"#next\">What to do?</a> <a href=\"#how\">How made?</a></nav>\n</header>\n");
    }

    private static void Headline(StringBuilder page, Receipt receipt)
    {
        var verdict = ReportVerdict.Of(receipt);
        var (before, after) = (receipt.Original, receipt.Compressed);
        page.Append("<div class=\"facts\">\n");
        Fact(verdict.Word, "verdict", VerdictSection.Style(verdict.Level));
        Fact(Html.Times((double)before.Bytes / Math.Max(1, after.Bytes)), $"smaller on disk: {Html.Bytes(before.Bytes)} → {Html.Bytes(after.Bytes)}");
        if (receipt.GainsWhenZippedOnly)
            Fact(Html.Times((double)before.ZippedBytes / Math.Max(1, after.ZippedBytes)), "smaller when zipped");
        if (FidelityFacts.Worst(receipt.Fidelity) is { } worst)
            Fact(Html.Text(worst.Nearness), "fidelity of outputs");
        if (receipt.Fidelity.FirstOrDefault(output => output.Accuracy is not null)?.Accuracy is { } accuracy)
            Fact($"{Html.Percent(accuracy.After)}", $"accuracy, {Html.Percent(accuracy.Before)} before");
        page.Append("</div>\n");

        void Fact(string figure, string what, string style = "") =>
            page.Append(
                CultureInfo.InvariantCulture,
                $"<div class=\"fact\"><b{(style.Length == 0 ? "" : $" class=\"{style}\"")}>{figure}</b><span>{what}</span></div>\n"
            );
    }
}
