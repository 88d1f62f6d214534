using System.Text.Json.Serialization;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Tuning;

/// <summary>The result of a study.</summary>
internal sealed record StudyDocument
{
    /// <summary>The path of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The size of the model's files in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The goal of the study: size, speed or both.</summary>
    [JsonConverter(typeof(CamelCaseEnum<TuneGoal>))]
    public required TuneGoal Goal { get; init; }

    /// <summary>The number of recipes that ran.</summary>
    public required int Trials { get; init; }

    /// <summary>The recipes that have no result, with the reasons.</summary>
    public required IReadOnlyList<FailedTrial> Failed { get; init; }

    /// <summary>The results that no other result dominates, in the order of their bytes.</summary>
    public required IReadOnlyList<StudyPoint> Front { get; init; }

    /// <summary>The results that are not on the front.</summary>
    public required IReadOnlyList<StudyPoint> Others { get; init; }

    /// <summary>The number of the chosen point; null if no point is within the budget and the limits.</summary>
    public required int? Chosen { get; init; }

    /// <summary>The chosen point; null if there is none.</summary>
    [JsonIgnore]
    public StudyPoint? Point => Front.Concat(Others).FirstOrDefault(point => point.Number == Chosen);
}

/// <summary>A recipe that has no result, with the reason.</summary>
/// <param name="Recipe">The recipe in its one-line form.</param>
/// <param name="Why">The reason.</param>
internal sealed record FailedTrial(string Recipe, string Why);
