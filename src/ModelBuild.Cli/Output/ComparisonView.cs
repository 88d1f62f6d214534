using System.Globalization;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Profiling;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Shows a comparison of models as tables and lines.</summary>
internal static class ComparisonView
{
    private const int MaxAnswers = 10;

    public static void Show(ComparisonDocument document, string? page)
    {
        var names = document.Names();
        Sizes(document, names);
        Latencies(document, names);
        for (var place = 1; place < names.Count; place++)
        {
            Screen.WriteLine("");
            Screen.WriteLine($"{names[place]}, compared with {names[0]}:");
            Outputs(document.Models[place].Outputs!, names[0], names[place]);
        }

        if (page is not null)
            Screen.WriteLine(page);
        for (var place = 1; place < names.Count; place++)
            Screen.WriteLine(ComparisonWords.Verdict(document, place));
    }

    private static void Sizes(ComparisonDocument document, IReadOnlyList<string> names)
    {
        var sizes = new Table().Border(TableBorder.Rounded).AddColumn("model").AddNumbers("bytes", "memory, loaded", "memory, peak", "load ms");
        foreach (var (name, model) in names.Zip(document.Models))
            sizes.AddRow(
                new TextCell(name),
                Number(Numbers.Format(model.Bytes)),
                Number(model.Memory is { } memory ? Numbers.Format(memory.LoadedBytes) : ""),
                Number(model.Memory?.PeakBytes is { } peak ? Numbers.Format(peak) : ""),
                Number(Milliseconds.Format(model.LoadMs))
            );
        Screen.Write(sizes);
    }

    private static void Latencies(ComparisonDocument document, IReadOnlyList<string> names)
    {
        var times = new Table().Border(TableBorder.Rounded).AddNumbers("threads", "rows").AddColumn("model").AddNumbers("p50 ms", "p90 ms", "p99 ms", "ratio");
        foreach (var latency in document.Latencies)
        foreach (var (name, model) in names.Zip(latency.Models))
            times.AddRow(
                Number(latency.Threads),
                Number(Numbers.Format(latency.Rows)),
                new TextCell(name),
                Number(Milliseconds.Format(model.Latency.P50Ms)),
                Number(Milliseconds.Format(model.Latency.P90Ms)),
                Number(Milliseconds.Format(model.Latency.P99Ms)),
                Number(ComparisonWords.Ratio(model.Ratio))
            );
        Screen.Write(times);
        Screen.WriteLine(ComparisonWords.RatioMeaning);
        Screen.WriteLine($"The calls have {document.Inputs.Text}. {PerfView.Machine(document.Machine)}");
    }

    private static void Outputs(ComparedOutputs outputs, string first, string name)
    {
        FidelityView.Show(outputs.Verification, outputs.Fidelity);
        foreach (var answers in outputs.Answers)
            Answers(answers, first, name);
        if (outputs.GraphErrors.Count == 0)
            return;
        Screen.WriteLine($"{outputs.GraphErrors.Count} values inside the graph have the same name in both models. The error grows most at:");
        foreach (var step in outputs.LargestSteps())
            Screen.WriteLine($"  {step.Node}: {ComparisonWords.Step(step)}");
    }

    private static void Answers(AnswerFigures answers, string first, string name)
    {
        if (answers is { Before: { } before, After: { } after, Difference: { } difference })
        {
            Screen.WriteLine($"{answers.Output}: accuracy {ComparisonWords.Accuracy(before)} → {ComparisonWords.Accuracy(after)}, 95 % intervals of Wilson");
            Screen.WriteLine($"  difference {ComparisonWords.Difference(difference)}, 95 % interval of Bonett and Price");
        }

        Screen.WriteLine($"{answers.Output}: {ComparisonWords.Changed(answers)}");
        if (answers.Answers.Count == 0)
            return;
        var changed = new Table().Border(TableBorder.Rounded).AddNumbers("sample").AddColumns("from", first, name);
        if (answers.Before is not null)
            changed.AddColumn("label");
        var isOneFile = answers.Answers.DistinctBy(answer => answer.File).Count() == 1;
        foreach (var answer in answers.Answers.Take(MaxAnswers))
            changed.AddRow([
                Number(answer.Sample.ToString(CultureInfo.InvariantCulture)),
                .. new[] { ComparisonWords.Origin(answer, isOneFile), ComparisonWords.Answer(answer.Before), ComparisonWords.Answer(answer.After) }.Select(
                    cell => new TextCell(cell)
                ),
                .. answers.Before is null ? [] : new[] { new TextCell(answer.Truth?.Text ?? "") },
            ]);
        Screen.Write(changed);
        if (answers.Changed > MaxAnswers)
            Screen.WriteLine($"{Numbers.Format(answers.Changed - MaxAnswers)} more have changed; --json lists up to 1,000.");
    }

    private static TextCell Number(string text) => new(text) { Justification = Justify.Right };
}
