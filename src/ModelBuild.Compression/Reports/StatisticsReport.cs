using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Reports;

/// <summary>The result of the new estimation of the statistics of <c>BatchNormalization</c> after a training.</summary>
/// <param name="Layers">The number of nodes whose statistics were estimated.</param>
/// <param name="IsKept">Whether the estimated statistics were kept.</param>
/// <param name="Rows">The number of training rows that they come from.</param>
/// <param name="Before">The loss on held-out rows with the statistics before; null if no row is held out.</param>
/// <param name="After">The loss on held-out rows with the estimated statistics; null if no row is held out, or if it is not finite.</param>
/// <param name="Left">The nodes that keep their statistics, each with the reason.</param>
internal sealed record StatisticsReport(int Layers, bool IsKept, int Rows, double? Before, double? After, IReadOnlyList<Skipped> Left)
{
    /// <summary>The largest change of a mean, in standard deviations before training; null if an estimate is not finite, or if nothing was estimated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MeanShift { get; init; }

    /// <summary>The largest factor by which a variance grew or shrank; null if an estimate is not finite, or if nothing was estimated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? VarianceFactor { get; init; }

    /// <summary>Creates the report for a model without statistics that can be estimated.</summary>
    public static StatisticsReport Nothing(IReadOnlyList<Skipped> left) => new(Layers: 0, IsKept: false, Rows: 0, Before: null, After: null, left);
}
