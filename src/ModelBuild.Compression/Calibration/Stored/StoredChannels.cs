namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>The smallest and largest value of each channel of a tensor, as a calibration file stores them.</summary>
/// <param name="Axis">The channel axis, negative from the end.</param>
/// <param name="Min">The smallest values, encoded by <see cref="PackedNumbers"/>.</param>
/// <param name="Max">The largest values, encoded by <see cref="PackedNumbers"/>.</param>
internal sealed record StoredChannels(int Axis, string Min, string Max);
