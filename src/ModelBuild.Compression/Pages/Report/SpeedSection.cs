using System.Globalization;
using System.Text;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Report;

/// <summary>Writes the section about the work of a call: multiply-adds, and the arithmetic that they are computed in. A build measures no time.</summary>
internal static class SpeedSection
{
    /// <summary>The style sheet of the section about the work of a call.</summary>
    public const string Style = """
        .stack { display: flex; height: 1.4rem; border-radius: 3px; overflow: hidden; margin: .9rem 0 .5rem; background: var(--soft); }
        .stack i { background: var(--c); } .forms { display: flex; flex-wrap: wrap; gap: .4rem .8rem; padding: 0; list-style: none; font-size: .92rem; }

        """;

    /// <summary>Appends the section about the work of a call to an HTML page.</summary>
    public static void Append(StringBuilder page, Receipt receipt)
    {
        var (before, after) = (receipt.Original.MultiplyAdds, receipt.Compressed.MultiplyAdds);
        page.Append("<section id=\"speed\">\n<h2>What got faster?</h2>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Html.Text(Summary(receipt))}</p>\n");
        if (receipt.Inspection is { MultiplyAdds.Count: > 0 } inspection)
            Arithmetic(page, inspection);
        page.Append(
            CultureInfo.InvariantCulture,
            $"<table class=\"narrow\">\n<tr><th></th><th class=\"n\">original</th><th class=\"n\">compressed</th></tr>\n"
                + $"<tr><td>multiply-adds</td><td class=\"n\">{before:N0}</td><td class=\"n\">{after:N0}</td></tr>\n</table>\n"
                + $"<p class=\"sub\">The multiply-adds are those {Html.Text(CountedCall.Describe(receipt.InputShapes, receipt.Compressed.Uncounted))}.</p>\n"
        );
        if (receipt.Recipe.Steps.Count > 0)
        {
            var lines = new CommandLine(receipt);
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p>A build measures no time, so that its result does not depend on the machine. These commands measure latency, and the time of each "
                    + $"operator:</p>\n<pre>{Html.Text($"{lines.Before}{lines.Compare()}\n{lines.Perf()}")}</pre>\n"
            );
        }

        page.Append("</section>\n");
    }

    private static string Summary(Receipt receipt)
    {
        if (receipt.Recipe.Steps.Count == 0)
            return "Nothing: the original is deployed.";
        var (before, after) = (receipt.Original.MultiplyAdds, receipt.Compressed.MultiplyAdds);
        var work =
            after < Receipt.AboutAsLarge * before ? $"A call takes {Html.Count(after)} multiply-adds in place of {Html.Count(before)}"
            : before == 0 ? "The model has no products that are counted"
            : $"A call takes {Html.Count(after)} multiply-adds, as before";
        return receipt.GainsOnDiskOnly ? $"{work}, in the same arithmetic: the model is not faster."
            : Integers(receipt) is > 0 and var share ? $"{work}. {Html.Percent(share)} of them are computed in integers, which most processors do faster."
            : $"{work}.";
    }

    private static double Integers(Receipt receipt) =>
        receipt.Inspection?.MultiplyAdds is { Count: > 0 } work
            ? (double)(work.GetValueOrDefault(FormWords.Class(NodeForm.Integer)) + work.GetValueOrDefault(FormWords.Class(NodeForm.Quantized)))
                / work.Values.Sum()
            : 0;

    private static void Arithmetic(StringBuilder page, InspectionFacts inspection)
    {
        var total = (double)inspection.MultiplyAdds.Values.Sum();
        (NodeForm Form, double Share)[] forms =
        [
            .. Enum.GetValues<NodeForm>()
                .Select(form => (form, Share: inspection.MultiplyAdds.GetValueOrDefault(FormWords.Class(form)) / total))
                .Where(one => one.Share > 0)
                .OrderByDescending(one => one.Share),
        ];
        page.Append("<div class=\"stack\" aria-hidden=\"true\">");
        foreach (var (form, share) in forms)
            page.Append(CultureInfo.InvariantCulture, $"<i class=\"{FormWords.Class(form)}\" style=\"width:{Html.Number(100 * share)}%\"></i>");
        page.Append("</div>\n<ul class=\"forms\">\n");
        foreach (var (form, share) in forms)
            page.Append(CultureInfo.InvariantCulture, $"<li>{FormWords.Chip(form)} {Html.Percent(share)} of the multiply-adds</li>\n");
        page.Append("</ul>\n");
    }
}
