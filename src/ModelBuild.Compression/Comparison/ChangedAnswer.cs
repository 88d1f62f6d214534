using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Comparison;

/// <summary>A sample to which two models give different answers.</summary>
/// <param name="Sample">The position of the sample in all data, from 0.</param>
/// <param name="File">The file of the sample; null for synthetic inputs.</param>
/// <param name="Row">The position of the sample in the file, from 0.</param>
/// <param name="Truth">The true class; null without labels.</param>
/// <param name="Before">The answer of the first model.</param>
/// <param name="After">The answer of the other model.</param>
internal sealed record ChangedAnswer(long Sample, string? File, long Row, Answer? Truth, Answer Before, Answer After)
{
    /// <summary>A small image of the sample in PNG format; null if the input is no image.</summary>
    [JsonIgnore]
    public byte[]? Picture { get; init; }

    /// <summary>Whether only the first model gives the right answer to the sample.</summary>
    [JsonIgnore]
    public bool IsLost => Truth?.Class == Before.Class;

    /// <summary>Whether only the other model gives the right answer to the sample.</summary>
    [JsonIgnore]
    public bool IsWon => Truth?.Class == After.Class;
}
