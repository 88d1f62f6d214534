using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Training;

/// <summary>Writes the table of the HTML report about the classes that a trained model gives.</summary>
internal static class HtmlClasses
{
    // The largest number of classes in the visible table. If there are more classes, the visible table has those with the most differences, and a collapsed
    // table has the others.
    private const int MaxOpen = 20;

    /// <summary>Appends the table with the classes of a trained model to an HTML page.</summary>
    public static void Append(StringBuilder page, ClassComparison comparison)
    {
        var classes = comparison.Classes;
        var open = classes.Count <= MaxOpen ? classes : [.. classes.OrderByDescending(Differing).Take(MaxOpen)];
        Table(page, comparison, open, hasTotal: true);
        if (open.Count == classes.Count)
            return;
        page.Append(CultureInfo.InvariantCulture, $"<details><summary>the other {classes.Count - open.Count} classes</summary>\n");
        Table(page, comparison, [.. classes.Except(open)], hasTotal: false);
        page.Append("</details>\n");
    }

    private static void Table(StringBuilder page, ClassComparison comparison, IReadOnlyList<ClassDifference> classes, bool hasTotal)
    {
        page.Append("<table class=\"fit\">\n<tr><th>class</th>");
        if (comparison.Agreement is not null)
            page.Append("<th class=\"n\">rows of the teacher</th><th class=\"n\">the same class</th>");
        if (comparison.Accuracy is not null)
            page.Append("<th class=\"n\">labelled rows</th><th class=\"n\">right</th>");
        if (comparison.Accuracy?.Teacher is not null)
            page.Append("<th class=\"n\">teacher right</th>");
        page.Append("</tr>\n");
        foreach (var one in classes)
            Row(page, comparison, one.Class.ToString(CultureInfo.InvariantCulture), one.Agreement, one.Accuracy);
        if (hasTotal)
            Row(page, comparison, "all", comparison.Agreement, comparison.Accuracy);
        page.Append("</table>\n");
    }

    private static void Row(StringBuilder page, ClassComparison comparison, string name, ClassAgreement? agreement, ClassAccuracy? accuracy)
    {
        page.Append(CultureInfo.InvariantCulture, $"<tr><td>{name}</td>");
        if (comparison.Agreement is not null)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<td class=\"n\">{agreement?.Rows ?? 0:N0}</td>{Change(agreement?.Before, agreement?.After, agreement?.Rows)}"
            );
        if (comparison.Accuracy is not null)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<td class=\"n\">{accuracy?.Rows ?? 0:N0}</td>{Change(accuracy?.Before, accuracy?.After, accuracy?.Rows)}"
            );
        if (comparison.Accuracy?.Teacher is not null)
            page.Append(CultureInfo.InvariantCulture, $"<td class=\"n\">{accuracy?.Teacher:N0}</td>");
        page.Append("</tr>\n");
    }

    // Returns a table cell with the counts before and after training. The colour of the cell shows the share after training.
    private static string Change(int? before, int? after, int? rows) =>
        rows > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"<td class=\"n heat\" style=\"--v:{100.0 * after!.Value / rows.Value:0}\" title=\"{TrainingWords.Percent((double)after.Value / rows.Value)}\">"
                    + $"{before:N0} → {after:N0}</td>"
            )
            : "<td></td>";

    private static int Differing(ClassDifference one) =>
        one.Agreement is { } agreement ? agreement.Rows - agreement.After
        : one.Accuracy is { } accuracy ? accuracy.Rows - accuracy.After
        : 0;
}
