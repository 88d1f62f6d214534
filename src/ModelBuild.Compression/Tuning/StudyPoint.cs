using System.Text.Json.Serialization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Compression.Tuning;

/// <summary>A result of a study with its recipe, its figures and its measured times.</summary>
/// <param name="Number">The number of the trial, which names the point.</param>
/// <param name="Recipe">The recipe in its one-line form.</param>
/// <param name="Origin">How the study found the recipe.</param>
/// <param name="Result">The result of the recipe.</param>
internal sealed record StudyPoint(int Number, string Recipe, [property: JsonConverter(typeof(CamelCaseEnum<Origin>))] Origin Origin, TrialResult Result)
{
    /// <summary>
    /// The measured times, one entry for each number of threads. The runs alternate with runs of the original. The list is empty if the point was not timed.
    /// </summary>
    public IReadOnlyList<PointLatency> Latencies { get; init; } = [];

    /// <summary>The median time of a call with the last number of threads, in milliseconds; null if the point was not timed.</summary>
    [JsonIgnore]
    public double? Milliseconds => Latencies.Count == 0 ? null : Latencies[^1].Point.Latency.P50Ms;

    /// <summary>The ratio of the median time of a call to that of the original; null if the point was not timed.</summary>
    [JsonIgnore]
    public double? TimeRatio => Latencies.Count == 0 ? null : Latencies[^1].Point.Ratio.Median;
}
