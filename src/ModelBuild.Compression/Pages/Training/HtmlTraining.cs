using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Training;

/// <summary>Writes the part of the HTML report about the training of one step: rows, steps, losses, the curves, and the values that were not trained.</summary>
internal static class HtmlTraining
{
    /// <summary>Appends the part about the training of one step to an HTML page.</summary>
    public static void Append(StringBuilder page, TrainingReport training)
    {
        page.Append(CultureInfo.InvariantCulture, $"<p>{Html.Text(TrainingWords.Summary(training))}</p>\n");
        foreach (var sentence in TrainingWords.Facts(training))
            page.Append(CultureInfo.InvariantCulture, $"<p>{Html.Text(sentence)}</p>\n");
        if (training.IsCalibration)
            page.Append(CultureInfo.InvariantCulture, $"<p>{Html.Text(TrainingWords.FewRows)}</p>\n");
        page.Append("<table>\n<tr><th>loss</th><th class=\"n\">before</th><th class=\"n\">after</th></tr>\n");
        if (TrainingWords.HeldOut(training) is { } heldOut)
            Row(page, "held-out rows", heldOut);
        if (TrainingWords.Trained(training) is { } trained)
            Row(page, "training rows", trained);
        page.Append("</table>\n");
        TrainingCurve.Append(page, training);
        HtmlExplanation.Append(page, training);
        if (training.Frozen.Count == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"<details><summary>{training.Frozen.Count} weights were not trained</summary>\n<ul>\n");
        foreach (var frozen in training.Frozen)
            page.Append(CultureInfo.InvariantCulture, $"<li><code>{Html.Text(frozen.What)}</code>: {Html.Text(frozen.Why)}</li>\n");
        page.Append("</ul>\n</details>\n");
    }

    private static void Row(StringBuilder page, string name, (double Before, double After) loss) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"<tr><td>{name}</td><td class=\"n\">{TrainingWords.Number(loss.Before)}</td><td class=\"n\">{TrainingWords.Number(loss.After)}</td></tr>\n"
        );
}
