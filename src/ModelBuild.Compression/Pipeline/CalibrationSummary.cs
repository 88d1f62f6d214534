namespace ModelBuild.Compression.Pipeline;

/// <summary>The content of a new calibration file, with the numbers of its values, calls and rows.</summary>
/// <param name="Json">The text of the file.</param>
/// <param name="Values">The number of values of the model that it has statistics of.</param>
/// <param name="Calls">The number of calls that the statistics are collected from.</param>
/// <param name="Rows">The number of rows of those calls.</param>
internal sealed record CalibrationSummary(string Json, int Values, int Calls, long Rows);
