using System.Text.Json.Serialization;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>One recipe that was tried.</summary>
/// <param name="Recipe">Its one-line form.</param>
/// <param name="Outcome">The outcome.</param>
/// <param name="Why">The reason.</param>
internal sealed record AttemptFacts(string Recipe, [property: JsonConverter(typeof(CamelCaseEnum<AttemptOutcome>))] AttemptOutcome Outcome, string Why)
{
    /// <summary>The size of the recipe's result on disk in bytes; null where there is no result.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Bytes { get; init; }

    /// <summary>The SQNR of the worst output of the recipe's result in dB; null where nothing was measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? SqnrDb { get; init; }

    /// <summary>The variants with some layers in float that were tried to meet the budget; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonConverter(typeof(LineArray<VariantFacts>))]
    public IReadOnlyList<VariantFacts>? Variants { get; init; }
}
