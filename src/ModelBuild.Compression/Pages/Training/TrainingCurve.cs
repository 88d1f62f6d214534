using System.Text;
using ModelBuild.Compression.Pages.Charts;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Pages.Training;

/// <summary>Draws the losses of a training over its steps, and those of each term of the loss if there are several.</summary>
internal static class TrainingCurve
{
    /// <summary>Appends the images, if there are at least two points.</summary>
    public static void Append(StringBuilder page, TrainingReport training)
    {
        var steps = Math.Max(1, training.Curve[^1].Step);
        ChartLine[] losses = [Line(training, "training rows", point => point.Loss), Line(training, "held-out rows", point => point.HeldOut)];
        LineChart.Append(page, "Loss", [.. losses.Where(line => line.Points.Count > 0)], steps, training.BestStep);
        // If the loss has more terms than the chart has colours, only the largest terms are drawn.
        var terms = (training.Curve[0].Terms ?? new Dictionary<string, double>())
            .OrderByDescending(term => term.Value)
            .Take(LineChart.MaxLines)
            .Select(term => Line(training, term.Key, point => point.Terms?.TryGetValue(term.Key, out var value) == true ? value : null));
        LineChart.Append(page, "Terms of the loss on held-out rows", [.. terms], steps, training.BestStep);
    }

    private static ChartLine Line(TrainingReport training, string name, Func<TrainingPoint, double?> value) =>
        new(name, [.. training.Curve.Where(point => value(point) is { } number && double.IsFinite(number)).Select(point => (point.Step, value(point)!.Value))]);
}
