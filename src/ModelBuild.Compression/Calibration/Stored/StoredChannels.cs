namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The extremes of each channel.</summary>
/// <param name="Axis">The channel axis, negative from the end.</param>
/// <param name="Min">The smallest values, encoded by <see cref="PackedNumbers"/>.</param>
/// <param name="Max">The largest values, encoded by <see cref="PackedNumbers"/>.</param>
internal sealed record StoredChannels(int Axis, string Min, string Max);
