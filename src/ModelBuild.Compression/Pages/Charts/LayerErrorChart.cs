using System.Globalization;
using System.Text;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Charts;

/// <summary>Draws the SQNR at the output of each layer along the graph, and marks the layers that add the largest errors.</summary>
internal static class LayerErrorChart
{
    private const int Height = 190;
    private const int Radius = 4;

    // The upper edge of the chart in dB. An SQNR above it is drawn at the edge, because such a small error has no effect.
    private const double MaxDb = 80;

    /// <summary>Appends the chart of errors along the graph to an HTML page, if it has at least two points.</summary>
    /// <param name="page">The page.</param>
    /// <param name="layers">The layers in the order of the graph.</param>
    /// <param name="marked">The layers that are marked, the worst first.</param>
    public static void Append(StringBuilder page, IReadOnlyList<LayerFacts> layers, IReadOnlyList<LayerFacts> marked)
    {
        LayerFacts[] measured = [.. layers.Where(layer => layer.SqnrDb is not null)];
        if (measured.Length < 2)
            return;
        var high = Math.Min(MaxDb, measured.Max(layer => layer.SqnrDb!.Value)) + 2;
        var low = Math.Min(measured.Min(layer => layer.SqnrDb!.Value), high - 10) - 2;
        page.Append(
            CultureInfo.InvariantCulture,
            $"<figure>\n<figcaption><b>Fidelity along the graph: SQNR at the output of each layer, from the first to the last</b>"
                + $"<span class=\"key\" style=\"--c:var(--bad)\">adds a large error</span>Higher is better. At 20 dB, the error is a tenth of the signal."
                + $"</figcaption>\n<div class=\"plot\"><div class=\"scale\"><span>{SignedNumber.Of(high, 0)} dB</span><span>{SignedNumber.Of(low, 0)} dB</span>"
                + $"</div>\n<svg height=\"{Height}\" role=\"img\">\n<title>SQNR of {measured.Length} layers in dB</title>\n"
        );
        for (var i = 1; i < measured.Length; i++)
            page.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{X(i - 1)}%\" y1=\"{Y(measured[i - 1])}\" x2=\"{X(i)}%\" y2=\"{Y(measured[i])}\"/>\n"
            );
        foreach (var (i, layer) in measured.Index())
        {
            var rank = marked.TakeWhile(one => one != layer).Count();
            page.Append(
                CultureInfo.InvariantCulture,
                $"<circle {(rank == marked.Count ? "class=\"now\"" : "fill=\"var(--bad)\"")} cx=\"{X(i)}%\" cy=\"{Y(layer)}\" r=\"{Radius}\">"
                    + $"<title>{Html.Text(layer.Name)}: {FidelityFigures.Decibels(layer.SqnrDb)}</title></circle>\n"
            );
            if (rank < marked.Count)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<text x=\"{X(i)}%\" y=\"{Html.Number(Position(layer) + (Position(layer) > Height - 24 ? -9 : 18))}\" text-anchor=\"middle\">{rank + 1}"
                        + $"</text>\n"
                );
        }

        page.Append("</svg></div>\n<div class=\"steps\"><span>first layer</span><span>last layer</span></div>\n</figure>\n");

        string X(int index) => Html.Number(1 + (98.0 * index / (measured.Length - 1)));
        string Y(LayerFacts layer) => Html.Number(Position(layer));
        double Position(LayerFacts layer) => Height * (high - Math.Min(layer.SqnrDb!.Value, high)) / (high - low);
    }
}
