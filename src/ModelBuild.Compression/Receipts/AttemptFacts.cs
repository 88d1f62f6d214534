using System.Text.Json.Serialization;
using ModelBuild.Compression.Reports;

namespace ModelBuild.Compression.Receipts;

/// <summary>One recipe that was tried.</summary>
/// <param name="Recipe">Its one-line form.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Why">The reason.</param>
internal sealed record AttemptFacts(string Recipe, [property: JsonConverter(typeof(CamelCaseEnum<AttemptOutcome>))] AttemptOutcome Outcome, string Why);
