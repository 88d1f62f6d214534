using System.Globalization;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>The table of outputs: how near they are, and what they were held against.</summary>
internal static class FidelityView
{
    public static void Show(VerificationFacts verification, IReadOnlyList<FidelityFacts> outputs)
    {
        if (verification.Calls == 0)
        {
            Screen.Out.WriteLine("The answers were not verified.");
            return;
        }

        var hasAccuracy = outputs.Any(output => output.Accuracy is not null);
        var table = new Table().Border(TableBorder.Rounded).AddColumn("output").AddNumbers("SQNR", "same top-1", "largest error");
        if (hasAccuracy)
            table.AddNumbers("accuracy");
        table.AddColumn("budget");
        foreach (var output in outputs)
        {
            var cells = new List<string> { output.Output, Decibels(output.SqnrDb), output.Top1Agreement is { } top ? Percent(top) : "", Short(output.MaxAbsoluteError) };
            if (hasAccuracy)
                cells.Add(Accuracy(output.Accuracy));
            var style = output.Passed ? Style.Plain : new Style(Color.Red);
            table.AddRow([.. cells.Select(cell => new Text(cell)), new Text(output.Budget is null ? "not judged" : $"{(output.Passed ? "within" : "beyond")} {output.Budget}", style)]);
        }

        Screen.Out.Write(table);
        Screen.Out.WriteLine($"Measured on {verification.Used}.");
    }

    private static string Decibels(double value) => value >= OutputFidelity.IdenticalDb ? "identical" : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} dB");

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    private static string Short(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Accuracy(Accuracy? accuracy) => accuracy is null ? "" : $"{Percent(accuracy.Before)} -> {Percent(accuracy.After)}";
}
