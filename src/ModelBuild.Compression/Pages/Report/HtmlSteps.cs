using System.Globalization;
using System.Text;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Pages.Training;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Writes the section of the HTML report about the steps: counts first, and the outcomes of nodes in collapsed tables.</summary>
internal static class HtmlSteps
{
    /// <summary>Appends the section about the steps of the recipe to an HTML page.</summary>
    public static void Append(StringBuilder page, IReadOnlyList<StepFacts> steps)
    {
        if (steps.Count == 0)
            return;
        page.Append(
            "<h3>Steps</h3>\n<table>\n<tr><th>after</th><th class=\"n\">parameters</th><th class=\"n\">multiply-adds</th><th class=\"n\">bytes</th></tr>\n"
        );
        Cost(page, "(before)", steps[0].Before);
        foreach (var step in steps)
            Cost(page, RecipeText.Of(step.Step), step.After);
        page.Append("</table>\n");
        foreach (var step in steps)
        {
            var changes =
                step.Changes.Count == 0
                    ? "nothing to do"
                    : string.Join(", ", step.Changes.Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Key} ({change.Value})")));
            page.Append(CultureInfo.InvariantCulture, $"<p><code>{Html.Text(ShortRecipe.Of(step.Step))}</code>: {Html.Text(changes)}</p>\n");
            Trials(page, step);
            Ranking(page, step);
            Nodes(page, step);
            if (step.Training is { } training)
                HtmlTraining.Append(page, training);
            Skipped(page, step);
        }
    }

    private static void Cost(StringBuilder page, string after, ModelCost cost) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"<tr><td>{after}</td><td class=\"n\">{cost.Parameters:N0}</td><td class=\"n\">{cost.MultiplyAdds:N0}</td>"
                + $"<td class=\"n\">{cost.Bytes:N0}</td></tr>\n"
        );

    private static void Trials(StringBuilder page, StepFacts step)
    {
        if (step.Trials.Count == 0)
            return;
        page.Append("<table>\n<tr><th>combination</th><th class=\"n\">SQNR on held-out samples</th><th></th></tr>\n");
        foreach (var trial in step.Trials)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{RecipeText.Of(trial.Recipe)}</td><td class=\"n\">{SignedNumber.Of(trial.SqnrDb, 1)} dB</td>"
                    + $"<td>{(trial.Kept ? "<span class=\"good\">kept</span>" : "")}</td></tr>\n"
            );
        page.Append("</table>\n");
    }

    private static void Ranking(StringBuilder page, StepFacts step)
    {
        if (step.Ranking.Count == 0)
            return;
        page.Append(
            CultureInfo.InvariantCulture,
            $"<p>To meet the budget, {step.Ranking.Where(rank => rank.Returned).DistinctBy(rank => rank.Layer).Count()} of "
                + $"{step.Ranking.DistinctBy(rank => rank.Layer).Count()} layers were restored to float.</p>\n"
        );
        page.Append(
            "<details><summary>the gain of each in float</summary>\n<table>\n<tr><th>layer</th><th>part</th><th class=\"n\">gain in float</th><th></th></tr>\n"
        );
        foreach (var rank in step.Ranking)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><code>{Html.Text(rank.Layer)}</code></td><td>{LayerPartWords.Of(rank.Part)}</td>"
                    + $"<td class=\"n\">{SignedNumber.Difference(rank.GainDb, 1)} dB"
                    + $"</td><td>{(rank.Returned ? "returned to float" : "")}</td></tr>\n"
            );
        page.Append("</table>\n</details>\n");
    }

    private static void Nodes(StringBuilder page, StepFacts step)
    {
        if (step.Nodes.Count == 0)
            return;
        var became = step
            .Nodes.GroupBy(node => node.Became)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} ({group.Count()})");
        page.Append(
            CultureInfo.InvariantCulture,
            $"<details><summary>the outcomes of {step.Nodes.Count} nodes: {Html.Text(string.Join(", ", became))}</summary>\n<table>\n<tr><th>node</th>"
                + $"<th>operator</th><th>runs as</th><th>why</th></tr>\n"
        );
        foreach (var node in step.Nodes)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><code>{Html.Text(node.Name)}</code></td><td>{Html.Text(node.Operator)}</td><td>{Html.Text(node.Became)}</td>"
                    + $"<td>{Html.Text(node.Why)}</td></tr>\n"
            );
        page.Append("</table>\n</details>\n");
    }

    private static void Skipped(StringBuilder page, StepFacts step)
    {
        if (step.Skipped.Count == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"<details><summary>{step.Skipped.Count} skipped</summary>\n<ul>\n");
        foreach (var left in step.Skipped)
            page.Append(CultureInfo.InvariantCulture, $"<li><code>{Html.Text(left.What)}</code>: {Html.Text(left.Why)}</li>\n");
        page.Append("</ul>\n</details>\n");
    }
}
