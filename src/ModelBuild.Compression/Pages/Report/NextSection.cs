using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Writes the section of the HTML report with the next steps that a user can take, each with the line to copy.</summary>
internal static class NextSection
{
    /// <summary>The style sheet of the section with next steps.</summary>
    public const string Style = """
        .next { padding: 0; list-style: none; counter-reset: next; } .next li { margin: 1.4rem 0; counter-increment: next; }
        .next b::before { content: counter(next) ". "; color: var(--dim); }
        pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; margin: .5rem 0; white-space: pre-wrap;
          overflow-wrap: anywhere; user-select: all; }

        """;

    /// <summary>Appends the section with next steps to an HTML page.</summary>
    public static void Append(StringBuilder page, Receipt receipt)
    {
        page.Append("<section id=\"next\">\n<h2>What should I do?</h2>\n<ol class=\"next\">\n");
        foreach (var step in NextSteps.Of(receipt))
            page.Append(
                CultureInfo.InvariantCulture,
                $"<li><b>{Html.Text(step.Title)}</b>\n<p>{Html.Text(step.Why)}</p>\n<pre>{Html.Text(step.Line)}</pre></li>\n"
            );
        page.Append("</ol>\n</section>\n");
    }
}
