using System.Text.Json.Serialization;

namespace ModelBuild.Compression.Receipts;

/// <summary>How a project, or a call of the program, uses a model.</summary>
/// <param name="Class">The name of the generated class; null for a call of the program.</param>
/// <param name="Data">The calibration data as a pattern of files; null if there is none.</param>
internal sealed record UseFacts(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Class,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Data
);
