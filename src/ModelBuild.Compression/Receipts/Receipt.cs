using System.Globalization;
using System.Text.Json.Serialization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Receipts;

/// <summary>The receipt of a model: a description of the changes that the build made to the model.</summary>
internal sealed record Receipt
{
    /// <summary>The share of the original's size from which on a size counts as unchanged.</summary>
    internal const double AboutAsLarge = 0.99;

    /// <summary>The version of the receipt format.</summary>
    public int Schema { get; init; } = 1;

    /// <summary>The version of ModelBuild.</summary>
    public required string ModelBuild { get; init; }

    /// <summary>The model's path as the project writes it.</summary>
    public required string Model { get; init; }

    /// <summary>The provider and CPU family that the recipe is made for.</summary>
    public required string Target { get; init; }

    /// <summary>The size and work of the original.</summary>
    public required FileFacts Original { get; init; }

    /// <summary>The size and work of the deployed model, which is the result or the original.</summary>
    public required FileFacts Compressed { get; init; }

    /// <summary>The input shapes of the call that multiply-adds are counted for.</summary>
    public required IReadOnlyDictionary<string, long[]> InputShapes { get; init; }

    /// <summary>The recipe that the project asks for, and the steps that ran.</summary>
    public required RecipeFacts Recipe { get; init; }

    /// <summary>The results of the steps of the recipe that ran.</summary>
    public required IReadOnlyList<StepFacts> Steps { get; init; }

    /// <summary>The recipes that the build tried, in order, with the reason why each was kept or refused.</summary>
    public required IReadOnlyList<AttemptFacts> Attempts { get; init; }

    /// <summary>The verification of the result; null if the result is the original.</summary>
    public required VerificationFacts? Verification { get; init; }

    /// <summary>The fidelity of each output; empty when the result is the original.</summary>
    public required IReadOnlyList<FidelityFacts> Fidelity { get; init; }

    /// <summary>The preparation of images that is part of the result; null when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PreprocessingFacts? Preprocessing { get; init; }

    /// <summary>The stages of the result; null when it is not cut.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PartitionFacts? Partition { get; init; }

    /// <summary>Whether the result is smaller only in a zipped package, and about as large as the original on disk.</summary>
    [JsonIgnore]
    public bool GainsWhenZippedOnly => Compressed.Bytes > AboutAsLarge * Original.Bytes && Compressed.ZippedBytes < AboutAsLarge * Original.ZippedBytes;

    /// <summary>
    /// Whether the result is smaller only on disk. Once loaded, the result takes as much memory as the original and as many multiply-adds in the same
    /// arithmetic.
    /// </summary>
    public bool GainsOnDiskOnly { get; init; }

    /// <summary>The text about a result that is smaller only on disk; null for other results.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Gain =>
        !GainsOnDiskOnly
            ? null
            : $"The file is {((double)Original.Bytes / Compressed.Bytes).ToString("0.0#", CultureInfo.InvariantCulture)} times smaller; {DiskGain.Remark}.";

    /// <summary>The layers and the graph; null in receipts without them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InspectionFacts? Inspection { get; init; }

    /// <summary>The project's use of the model; null where it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UseFacts? Use { get; init; }

    /// <summary>The warnings that users must know.</summary>
    public required IReadOnlyList<Warning> Warnings { get; init; }
}
