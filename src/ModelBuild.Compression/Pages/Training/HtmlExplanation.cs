using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Training;

/// <summary>Writes the part of the HTML report about where a trained model differs from its teacher.</summary>
internal static class HtmlExplanation
{
    /// <summary>The style sheet of the part about differences from the teacher.</summary>
    public const string Style = """
        .fit { margin-top: 1rem; } .fit td { white-space: nowrap; } .fit td:first-child, .fit td:has(code) { white-space: normal; }
        .fit td:has(code) { min-width: 6rem; overflow-wrap: anywhere; } .strip { display: flex; gap: 1px; height: 1.1rem; margin: .8rem 0 .4rem; }
        .strip i, .heat { background: hsl(calc(var(--v) * 1.2) 60% 45% / .55); } .strip i { flex: 1; } td.heat { padding-right: .5rem; }

        """;

    // The largest number of layers in the visible table of similarities. Longer tables are collapsed.
    private const int MaxOpenLayers = 12;

    /// <summary>Appends the part about where a trained model differs from its teacher to an HTML page.</summary>
    public static void Append(StringBuilder page, TrainingReport training)
    {
        if (training.Explanation is not { } explanation)
            return;
        page.Append(CultureInfo.InvariantCulture, $"<p>{Html.Text(TrainingWords.Explanation(training)!)}</p>\n");
        Terms(page, explanation.Terms);
        Layers(page, explanation, training.Transfer is null ? "teacher’s layer" : "layer before");
        Outputs(page, explanation.Outputs);
        if (explanation.Classes is { } classes)
            HtmlClasses.Append(page, classes);
        Samples(page, explanation);
    }

    private static void Terms(StringBuilder page, IReadOnlyList<TermShare> terms)
    {
        if (terms.Count < 2)
            return;
        page.Append(
            "<table class=\"fit\">\n<tr><th>term of the loss</th><th class=\"n\">weight</th>"
                + "<th class=\"n\">at the start</th><th class=\"n\">at the end</th></tr>\n"
        );
        foreach (var term in terms)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html.Text(term.Term)}</td><td class=\"n\">{TrainingWords.Number(term.Weight)}</td>"
                    + $"<td class=\"n\">{TrainingWords.Number(term.First)} ({TrainingWords.Percent(term.FirstShare)})</td>"
                    + $"<td class=\"n\">{TrainingWords.Number(term.Last)} ({TrainingWords.Percent(term.LastShare)})</td></tr>\n"
            );
        page.Append("</table>\n");
    }

    private static void Layers(StringBuilder page, TrainingExplanation explanation, string teacher)
    {
        var layers = explanation.Layers;
        if (layers.Count == 0)
        {
            if (explanation is { Rows: > 0, LayerRows: 0 })
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<p class=\"sub\">Layers are compared on {TrainingExplanation.MinLayerRows} held-out rows or more, and there are fewer.</p>\n"
                );
            return;
        }

        page.Append("<div class=\"strip\">");
        foreach (var layer in layers)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<i style=\"--v:{100 * layer.Cka:0}\" title=\"{Html.Text(layer.Layer)}: {TrainingWords.Cka(layer.Cka)}\"></i>"
            );
        page.Append(
            CultureInfo.InvariantCulture,
            $"</div>\n<p class=\"sub\">The similarity (CKA) of each layer, from the first to the last, on {explanation.LayerRows} held-out rows: 1 for "
                + $"layers that hold the same, 0 for unrelated ones.</p>\n"
        );
        if (layers.Count > MaxOpenLayers)
            page.Append(CultureInfo.InvariantCulture, $"<details><summary>the similarity of {layers.Count} layers</summary>\n");
        page.Append(CultureInfo.InvariantCulture, $"<table class=\"fit\">\n<tr><th>layer</th><th>{teacher}</th><th class=\"n\">CKA</th></tr>\n");
        foreach (var layer in layers)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><code>{Html.Text(layer.Layer)}</code></td>"
                    + $"<td>{(layer.IsByName ? "the same" : $"<code>{Html.Text(layer.Teacher)}</code>, most similar")}</td>"
                    + $"<td class=\"n heat\" style=\"--v:{100 * layer.Cka:0}\">{TrainingWords.Cka(layer.Cka)}</td></tr>\n"
            );
        page.Append(layers.Count > MaxOpenLayers ? "</table>\n</details>\n" : "</table>\n");
    }

    private static void Outputs(StringBuilder page, IReadOnlyList<OutputDifference> outputs)
    {
        if (outputs.Count == 0)
            return;
        page.Append("<table class=\"fit\">\n<tr><th>relative error of output</th><th class=\"n\">before training</th><th class=\"n\">after</th></tr>\n");
        foreach (var output in outputs)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><code>{Html.Text(output.Output)}</code></td><td class=\"n\">{TrainingWords.Percent(output.Before)}</td>"
                    + $"<td class=\"n\">{TrainingWords.Percent(output.After)}</td></tr>\n"
            );
        page.Append("</table>\n");
    }

    private static void Samples(StringBuilder page, TrainingExplanation explanation)
    {
        if (explanation.Measure is not { } measure)
            return;
        var samples = explanation.Samples;
        var (hasOutputs, hasAnswers) = (samples.Any(sample => sample.Output is not null), samples.Any(sample => sample.Student is not null));
        var (hasTeacher, hasLabels) = (samples.Any(sample => sample.Teacher is not null), samples.Any(sample => sample.Label is not null));
        page.Append(
            CultureInfo.InvariantCulture,
            $"<table class=\"fit\">\n<tr><th>row with a large difference</th>{Head(hasOutputs, "output")}{Head(hasTeacher, "teacher")}"
                + $"{Head(hasAnswers, "model")}{Head(hasLabels, "label")}<th class=\"n\">{SampleWords.Measure(measure)}</th></tr>\n"
        );
        foreach (var sample in samples)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html.Text(SampleWords.Row(sample))}</td>{Cell(hasOutputs, sample.Output)}{Cell(hasTeacher, SampleWords.Answer(sample.Teacher))}"
                    + $"{Cell(hasAnswers, SampleWords.Answer(sample.Student))}{Cell(hasLabels, SampleWords.Label(sample))}"
                    + $"<td class=\"n\">{SampleWords.Difference(sample, measure)}</td></tr>\n"
            );
        page.Append("</table>\n");
    }

    private static string Head(bool isShown, string text) => isShown ? $"<th>{text}</th>" : "";

    private static string Cell(bool isShown, string? text) => isShown ? $"<td>{Html.Text(text ?? "")}</td>" : "";
}
