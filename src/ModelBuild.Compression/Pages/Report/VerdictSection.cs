using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Writes the section of the HTML report that answers whether the outputs of the model are still right.</summary>
internal static class VerdictSection
{
    /// <summary>Appends the section with the verdict to an HTML page.</summary>
    public static void Append(StringBuilder page, Receipt receipt)
    {
        var verdict = ReportVerdict.Of(receipt);
        page.Append(
            CultureInfo.InvariantCulture,
            $"<section id=\"right\">\n<h2>Is my model still right?</h2>\n<p class=\"verdict {Style(verdict.Level)}\"><b>{verdict.Word}:</b> "
                + $"{Html.Text(verdict.Reason)}</p>\n"
        );
        if (receipt.Verification is { Calls: > 0 } verification)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p>{ReportVerdict.Division(verification)}</p>\n");
            HtmlFidelity.Append(page, verification, receipt.Fidelity);
        }

        foreach (var warning in receipt.Warnings)
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"warn\"><b>{Html.Text(warning.Code)}</b> {Html.Text(warning.Text)}</p>\n");
        page.Append("</section>\n");
    }

    /// <summary>Returns the name of the style sheet's class for a level of the verdict.</summary>
    public static string Style(VerdictLevel level) =>
        level switch
        {
            VerdictLevel.Good => "good",
            VerdictLevel.Bad => "bad",
            VerdictLevel.Unchanged => "plain",
            _ => "warn",
        };
}
