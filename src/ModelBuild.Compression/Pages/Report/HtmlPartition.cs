using System.Globalization;
using System.Net;
using System.Text;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Writes the section of the HTML report about the stages of a model.</summary>
internal static class HtmlPartition
{
    /// <summary>Appends the section about the stages of a model to an HTML page.</summary>
    public static void Append(StringBuilder page, PartitionFacts partition)
    {
        page.Append(
            "<h3>Stages</h3>\n<table>\n<tr><th>stage</th><th class=\"n\">nodes</th><th class=\"n\">multiply-adds</th><th class=\"n\">bytes</th>"
                + "<th class=\"n\">bytes of inputs</th><th>inputs</th><th>outputs</th></tr>\n"
        );
        foreach (var (index, stage) in partition.Stages.Index())
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{index + 1}</td><td class=\"n\">{stage.Nodes:N0}</td><td class=\"n\">{stage.MultiplyAdds:N0}</td>"
                    + $"<td class=\"n\">{stage.Bytes:N0}</td><td class=\"n\">{stage.CrossingBytes:N0}</td><td>{Names(stage.Inputs)}</td>"
                    + $"<td>{Names(stage.Outputs)}</td></tr>\n"
            );
        page.Append("</table>\n");
        var answers = FidelityFacts.Worst(partition.Fidelity) is { } worst
            ? $"Fidelity of the stages compared with the whole model: {worst.Nearness}."
            : "The stages were not compared with the whole model.";
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"sub\">{WebUtility.HtmlEncode(answers)}</p>\n");
    }

    private static string Names(IReadOnlyList<string> names) => string.Join(", ", names.Select(name => $"<code>{WebUtility.HtmlEncode(name)}</code>"));
}
