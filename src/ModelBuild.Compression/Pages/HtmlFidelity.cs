using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Pages;

/// <summary>Writes the table of an HTML page about the fidelity of outputs.</summary>
internal static class HtmlFidelity
{
    /// <summary>Appends the table with the fidelity of each output to a page.</summary>
    public static void Append(StringBuilder page, VerificationFacts verification, IReadOnlyList<FidelityFacts> outputs)
    {
        page.Append(
            "<table>\n<tr><th>output</th><th>kind</th><th class=\"n\">SQNR</th><th class=\"n\">largest error</th>" + "<th>figures</th><th>budget</th></tr>\n"
        );
        foreach (var output in outputs)
        {
            var style =
                output.WhyNot is not null || !output.Passed ? "bad"
                : output.Budget is null ? ""
                : "good";
            var budget = $"<span class=\"{style}\">{Html.Text(FidelityFigures.Verdict(output))}</span>";
            var feeds = output.Feeds is null ? "" : $", an input of {Html.Text(output.Feeds)}";
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><code>{Html.Text(output.Name)}</code>{feeds}</td><td>{FidelityKinds.Name(output.Kind)}</td>"
                    + $"<td class=\"n\">{FidelityFigures.Decibels(output.SqnrDb)}</td><td class=\"n\">{output.MaxAbsoluteError:G3}</td>"
                    + $"<td>{Html.Text(FidelityFigures.Of(output))}</td><td>{budget}</td></tr>\n"
            );
        }

        page.Append("</table>\n");
        if (FidelityFacts.NotExercised(outputs) is { Count: > 0 } silent)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"bad\">Not exercised: {Html.Text(string.Join(", ", silent.Select(output => output.Name)))}. "
                    + $"To measure it, {FidelityWords.Wanted(verification.Inputs)}.</p>\n"
            );
    }
}
