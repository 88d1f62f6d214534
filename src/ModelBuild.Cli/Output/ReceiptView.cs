using System.Globalization;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Receipts;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>A receipt for a person.</summary>
internal static class ReceiptView
{
    public static void Show(Receipt receipt, string outputPath)
    {
        var sizes = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(Right("bytes")).AddColumn(Right("zipped")).AddColumn(Right("in memory")).AddColumn(Right("parameters")).AddColumn(Right("multiply-adds"));
        sizes.AddRow("original", Number(receipt.Original.Bytes), Number(receipt.Original.ZippedBytes), Number(receipt.Original.MemoryBytes), Number(receipt.Original.Parameters), Number(receipt.Original.MultiplyAdds));
        sizes.AddRow("compressed", Number(receipt.Compressed.Bytes), Number(receipt.Compressed.ZippedBytes), Number(receipt.Compressed.MemoryBytes), Number(receipt.Compressed.Parameters), Number(receipt.Compressed.MultiplyAdds));
        sizes.AddRow("", Share(receipt.Compressed.Bytes, receipt.Original.Bytes), Share(receipt.Compressed.ZippedBytes, receipt.Original.ZippedBytes), Share(receipt.Compressed.MemoryBytes, receipt.Original.MemoryBytes), Share(receipt.Compressed.Parameters, receipt.Original.Parameters), Share(receipt.Compressed.MultiplyAdds, receipt.Original.MultiplyAdds));
        Screen.Out.Write(sizes);
        if (receipt.GainsWhenZippedOnly)
            Screen.Out.WriteLine("Smaller in a zipped package only: on disk as large as before, and no faster.");
        Screen.Out.WriteLine($"Multiply-adds are those {CountedCall.Describe(receipt.InputShapes, receipt.Compressed.Uncounted)}.");
        StepsView.Show(receipt.Steps);
        foreach (var attempt in receipt.Attempts.Where(attempt => attempt.Outcome == AttemptFacts.Refused))
            Screen.Out.WriteLine($"not {attempt.Recipe}: {attempt.Why}");
        if (receipt.Verification is { } verification)
            FidelityView.Show(verification, receipt.Fidelity);
        else
            Screen.Out.WriteLine($"The original was kept: {receipt.Attempts[^1].Why}.");
        Screen.Out.WriteLine(outputPath);
    }

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(long part, long whole) => whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");
}
