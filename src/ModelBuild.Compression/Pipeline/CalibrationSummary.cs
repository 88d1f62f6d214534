namespace ModelBuild.Compression.Pipeline;

/// <summary>A calibration file that was made.</summary>
/// <param name="Json">The file's text.</param>
/// <param name="Values">How many of the model's values it knows.</param>
/// <param name="Calls">How many calls of the model they were seen in.</param>
/// <param name="Rows">How many rows those calls had in all.</param>
public sealed record CalibrationSummary(string Json, int Values, int Calls, long Rows);
