using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Reports;

/// <summary>A held-out row for which a model differs much from its teacher, or from the label.</summary>
/// <param name="File">The name of the file without its folder; null for rows that come from no file.</param>
/// <param name="Row">The position of the row in the file, or among all rows, from 0.</param>
/// <param name="Difference">The difference by the measure of the explanation.</param>
internal sealed record SampleDifference(string? File, long Row, double Difference)
{
    /// <summary>The name of the output that differs; null if classes are compared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Output { get; init; }

    /// <summary>The answer of the teacher; null if there is no teacher, or if an answer has several numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowAnswer? Teacher { get; init; }

    /// <summary>The answer of the model; null if an answer has several numbers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowAnswer? Student { get; init; }

    /// <summary>The class of the row's label; null without a label.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Label { get; init; }
}
