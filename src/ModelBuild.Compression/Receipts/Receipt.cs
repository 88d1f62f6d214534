using System.Globalization;
using System.Text.Json.Serialization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Receipts;

/// <summary>What was done to a model.</summary>
public sealed record Receipt
{
    /// <summary>From this share of the original on, a size counts as unchanged.</summary>
    internal const double AboutAsLarge = 0.99;

    /// <summary>The version of this format.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The version of ModelBuild.</summary>
    public required string ModelBuild { get; init; }

    /// <summary>The model's path as the project writes it.</summary>
    public required string Model { get; init; }

    /// <summary>The provider and processor family that the recipe was made for.</summary>
    public required string Target { get; init; }

    /// <summary>The original.</summary>
    public required FileFacts Original { get; init; }

    /// <summary>What is deployed.</summary>
    public required FileFacts Compressed { get; init; }

    /// <summary>The sizes of the inputs in the call that multiply-adds are counted for.</summary>
    public required IReadOnlyDictionary<string, long[]> InputShapes { get; init; }

    /// <summary>The recipe.</summary>
    public required RecipeFacts Recipe { get; init; }

    /// <summary>What each step did.</summary>
    public required IReadOnlyList<StepFacts> Steps { get; init; }

    /// <summary>The recipes that were tried, in order, and why each was kept or not.</summary>
    public required IReadOnlyList<AttemptFacts> Attempts { get; init; }

    /// <summary>How the result was verified; null when it is the original itself.</summary>
    public required VerificationFacts? Verification { get; init; }

    /// <summary>How near each output is to the original's; empty when the result is the original itself.</summary>
    public required IReadOnlyList<FidelityFacts> Fidelity { get; init; }

    /// <summary>The stages that it was cut into; null when it is whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PartitionFacts? Partition { get; init; }

    /// <summary>Whether the result gains in a zipped package only: on disk it is about as large as the original.</summary>
    [JsonIgnore]
    public bool GainsWhenZippedOnly => Compressed.Bytes > AboutAsLarge * Original.Bytes && Compressed.ZippedBytes < AboutAsLarge * Original.ZippedBytes;

    /// <summary>
    /// Whether the result gains on disk only: once loaded it takes as much memory, and as many multiply-adds in the same arithmetic, as the original.
    /// </summary>
    public bool GainsOnDiskOnly { get; init; }

    /// <summary>What is gained, in words, where that is the size of the file alone; null elsewhere.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gain =>
        !GainsOnDiskOnly
            ? null
            : $"The file is {((double)Original.Bytes / Compressed.Bytes).ToString("0.0#", CultureInfo.InvariantCulture)} times smaller; {DiskGain.Remark}.";

    /// <summary>What a person should know.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }
}
