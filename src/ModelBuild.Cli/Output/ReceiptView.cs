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
        var sizes = new Table().Border(TableBorder.Rounded).AddColumn("").AddNumbers("bytes", "zipped", "in memory", "parameters", "multiply-adds");
        sizes.AddRow(["original", .. Sizes(receipt.Original).Select(Numbers.Format)]);
        sizes.AddRow(["compressed", .. Sizes(receipt.Compressed).Select(Numbers.Format)]);
        sizes.AddRow(["", .. Sizes(receipt.Compressed).Zip(Sizes(receipt.Original), Share)]);
        Screen.Out.Write(sizes);
        if (receipt.GainsWhenZippedOnly)
            Screen.Out.WriteLine("Smaller in a zipped package only: on disk as large as before, and no faster.");
        if (receipt.Gain is { } gain)
            Screen.Out.WriteLine(gain);
        Screen.Out.WriteLine($"Multiply-adds are those {CountedCall.Describe(receipt.InputShapes, receipt.Compressed.Uncounted)}.");
        StepsView.Show(receipt.Steps);
        foreach (var attempt in receipt.Attempts.Where(attempt => attempt.Outcome == AttemptFacts.Refused))
            Screen.Out.WriteLine($"not {attempt.Recipe}: {attempt.Why}");
        if (receipt.Verification is { } verification)
            FidelityView.Show(verification, receipt.Fidelity);
        else
            Screen.Out.WriteLine($"The original was kept: {receipt.Attempts[^1].Why}.");
        if (receipt.Partition is { } partition)
            PartitionView.Show(partition, outputPath);
        else
            Screen.Out.WriteLine(outputPath);
    }

    private static long[] Sizes(FileFacts file) => [file.Bytes, file.ZippedBytes, file.MemoryBytes, file.Parameters, file.MultiplyAdds];

    private static string Share(long part, long whole) => whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");
}
