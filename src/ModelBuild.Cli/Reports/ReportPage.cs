using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Cli.Reports;

/// <summary>Finds the HTML page of a receipt, or writes it.</summary>
internal static class ReportPage
{
    private const string ReceiptEnd = ".receipt.json";
    private const string ReportEnd = ".report.html";

    /// <summary>
    /// Returns the path of the page beside a receipt. If there is no page, or if it is older than the receipt, a page in the temporary folder is written and
    /// its path is returned.
    /// </summary>
    /// <exception cref="CompressionException">MB1049: the file is not a receipt.</exception>
    public static string Of(string receiptPath)
    {
        var full = Path.GetFullPath(receiptPath);
        var name = full.EndsWith(ReceiptEnd, StringComparison.OrdinalIgnoreCase) ? full[..^ReceiptEnd.Length] : Path.ChangeExtension(full, null);
        var beside = name + ReportEnd;
        if (File.Exists(beside) && File.GetLastWriteTimeUtc(beside) >= File.GetLastWriteTimeUtc(full))
            return beside;
        var receipt =
            JsonText.TryRead<Receipt>(File.ReadAllText(full))
            ?? throw new CompressionException(
                Codes.ReceiptMissing,
                "The file is not a receipt of this version of ModelBuild: build the project again, or write one with 'modelbuild compress … --json'.",
                receiptPath
            );
        var folder = Directory.CreateTempSubdirectory("modelbuild-report-").FullName;
        var page = Path.Combine(folder, Path.GetFileName(name) + ReportEnd);
        File.WriteAllText(page, HtmlReport.Render(receipt));
        // The receipt is copied to the folder of the page, because the page has a link to the receipt beside it.
        File.Copy(full, Path.Combine(folder, HtmlReport.ReceiptName(receipt)));
        return page;
    }
}
