namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>Extremes by channel.</summary>
/// <param name="Axis">The channels' axis, negative from the end.</param>
/// <param name="Min">The least values, packed as <see cref="PackedNumbers"/> says.</param>
/// <param name="Max">The greatest values.</param>
internal sealed record StoredChannels(int Axis, string Min, string Max);
