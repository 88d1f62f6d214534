using System.Globalization;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Shows the table of outputs: their fidelity and their budgets.</summary>
internal static class FidelityView
{
    public static void Show(VerificationFacts verification, IReadOnlyList<FidelityFacts> outputs)
    {
        if (verification.Calls == 0)
        {
            Screen.WriteLine("The outputs were not verified.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumn("output").AddColumn("kind").AddNumbers("SQNR", "largest error").AddColumn("budget");
        foreach (var output in outputs)
        {
            string[] cells = [Name(output), FidelityKinds.Name(output.Kind), FidelityFigures.Decibels(output.SqnrDb), Short(output.MaxAbsoluteError)];
            var style = output.Passed && output.WhyNot is null ? Style.Plain : new Style(Color.Red);
            table.AddRow([.. cells.Select(cell => new TextCell(cell)), new TextCell(FidelityFigures.Verdict(output), style)]);
        }

        Screen.Write(table);
        foreach (var output in outputs)
            if (FidelityFigures.Of(output) is { Length: > 0 } figures)
                Screen.WriteLine($"{output.Name}: {figures}");
        if (FidelityFacts.NotExercised(outputs) is { Count: > 0 } silent)
            Screen.WriteLine(
                $"Not exercised: {string.Join(", ", silent.Select(output => output.Name))}. To measure it, {FidelityWords.Wanted(verification.Inputs)}."
            );
        Screen.WriteLine($"Measured on {verification.Used}.");
    }

    private static string Name(FidelityFacts output) =>
        output.Feeds is null ? output.Name : $"{output.Name} (input of {output.Feeds}, which selects elements by it)";

    private static string Short(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
