using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Reports;

/// <summary>An alternative that a step compared with others on held-out calibration samples.</summary>
/// <param name="Recipe">The alternative as steps of a recipe.</param>
/// <param name="SqnrDb">The signal-to-quantization-noise ratio of the worst output in dB.</param>
/// <param name="Kept">Whether the alternative was kept.</param>
internal sealed record TrialOutcome(string Recipe, double SqnrDb, bool Kept)
{
    /// <summary>The size of the model after the step in bytes; null where it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Bytes { get; init; }
}
