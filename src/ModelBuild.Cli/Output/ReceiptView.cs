using System.Globalization;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Shows a receipt as tables and lines.</summary>
internal static class ReceiptView
{
    public static void Show(Receipt receipt, string outputPath)
    {
        var sizes = new Table().Border(TableBorder.Rounded).AddColumn("").AddNumbers("original", "compressed", "");
        foreach (var (name, original, compressed) in Sizes(receipt.Original, receipt.Compressed))
            sizes.AddRow(name, Numbers.Format(original), Numbers.Format(compressed), Share(compressed, original));
        Screen.Write(sizes);
        if (receipt.GainsWhenZippedOnly)
            Screen.WriteLine("The model is smaller in a zipped package only. Its size on disk and its speed are as before.");
        if (receipt.Gain is { } gain)
            Screen.WriteLine(gain);
        Screen.WriteLine($"The multiply-adds are those {CountedCall.Describe(receipt.InputShapes, receipt.Compressed.Uncounted)}.");
        StepsView.Show(receipt.Steps);
        foreach (var attempt in receipt.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Refused))
            Screen.WriteLine($"not {ShortRecipe.Of(attempt.Recipe)}: {attempt.Why}");
        if (receipt.Verification is { } verification)
            FidelityView.Show(verification, receipt.Fidelity);
        else
            Screen.WriteLine($"The original was kept: {receipt.Attempts[^1].Why}.");
        if (receipt.Preprocessing is { } preprocessing)
            Screen.WriteLine(preprocessing.Text);
        if (receipt.Partition is { } partition)
            PartitionView.Show(partition, outputPath);
        else
            Screen.WriteLine(outputPath);
        Screen.WriteLine(Verdict.Of(receipt));
    }

    private static (string Name, long Original, long Compressed)[] Sizes(FileFacts original, FileFacts compressed) =>
        [
            ("bytes", original.Bytes, compressed.Bytes),
            ("zipped", original.ZippedBytes, compressed.ZippedBytes),
            ("in memory", original.MemoryBytes, compressed.MemoryBytes),
            ("parameters", original.Parameters, compressed.Parameters),
            ("multiply-adds", original.MultiplyAdds, compressed.MultiplyAdds),
        ];

    private static string Share(long part, long whole) => whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");
}
