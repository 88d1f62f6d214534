using System.Globalization;
using System.Net;
using System.Text;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>Draws the losses of a training over its steps as an SVG image inside of the HTML report.</summary>
internal static class TrainingCurve
{
    private const double Width = 640;
    private const double Height = 180;
    private const double Left = 64;
    private const double Right = 12;
    private const double Top = 12;
    private const double Bottom = 24;

    /// <summary>Appends the image, if there are at least two points.</summary>
    public static void Append(StringBuilder page, TrainingReport training)
    {
        (int Step, double Value)[] trained = [.. Points(training, point => point.Loss)];
        (int Step, double Value)[] heldOut = [.. Points(training, point => point.HeldOut)];
        double[] values = [.. trained.Concat(heldOut).Select(point => point.Value)];
        if (Math.Max(trained.Length, heldOut.Length) < 2)
            return;
        var (low, high, steps) = (values.Min(), values.Max(), Math.Max(1, training.Curve[^1].Step));
        page.Append(
            CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" role=\"img\" font-size=\"11\" fill=\"currentColor\">\n"
                + $"<title>losses over {steps} steps</title>\n"
        );
        Line(page, Left, Height - Bottom, Width - Right, Height - Bottom);
        Line(page, Left, Top, Left, Height - Bottom);
        Label(page, Left - 6, Top + 8, "end", TrainingWords.Number(high));
        Label(page, Left - 6, Height - Bottom, "end", TrainingWords.Number(low));
        Label(page, Left, Height - 8, "start", "0");
        Label(page, Width - Right, Height - 8, "end", string.Create(CultureInfo.InvariantCulture, $"{steps:N0} steps"));
        if (training.BestStep > 0)
            Line(page, X(training.BestStep, steps), Top, X(training.BestStep, steps), Height - Bottom);
        Curve(page, trained, steps, low, high, "#3b82f6", "training rows", 0);
        Curve(page, heldOut, steps, low, high, "#16a34a", "held-out rows", 1);
        page.Append("</svg>\n");
    }

    private static IEnumerable<(int Step, double Value)> Points(TrainingReport training, Func<TrainingPoint, double?> value) =>
        training.Curve.Where(point => value(point) is { } number && double.IsFinite(number)).Select(point => (point.Step, value(point)!.Value));

    private static void Curve(StringBuilder page, (int Step, double Value)[] points, int steps, double low, double high, string colour, string name, int row)
    {
        if (points.Length == 0)
            return;
        var span = high > low ? high - low : 1;
        var places = points.Select(point =>
            string.Create(CultureInfo.InvariantCulture, $"{X(point.Step, steps):0.#},{Top + (Height - Bottom - Top) * (high - point.Value) / span:0.#}")
        );
        page.Append(
            CultureInfo.InvariantCulture,
            $"<polyline points=\"{string.Join(' ', places)}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\n"
                + $"<text x=\"{Width - Right:0.#}\" y=\"{Top + 10 + 14 * row:0.#}\" text-anchor=\"end\" "
                + $"fill=\"{colour}\">{WebUtility.HtmlEncode(name)}</text>\n"
        );
    }

    private static void Line(StringBuilder page, double x1, double y1, double x2, double y2) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"currentColor\" stroke-opacity=\".3\"/>\n"
        );

    private static void Label(StringBuilder page, double x, double y, string anchor, string text) =>
        page.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\" opacity=\".7\">{WebUtility.HtmlEncode(text)}</text>\n"
        );

    private static double X(int step, int steps) => Left + (Width - Right - Left) * step / steps;
}
