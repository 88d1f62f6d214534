using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Receipts;

/// <summary>The use of a model by a project or by a command.</summary>
/// <param name="Class">The name of the generated class; null for a call of the program.</param>
/// <param name="Data">The calibration data as a pattern of files; null if there is none.</param>
internal sealed record UseFacts(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Class,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Data
);
