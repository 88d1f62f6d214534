namespace ModelBuild.Protocol;

/// <summary>Describes the mel bands of a spectrum.</summary>
/// <param name="Bands">The number of bands.</param>
/// <param name="MinFrequency">The lower end of the first band in hertz.</param>
/// <param name="MaxFrequency">The upper end of the last band in hertz.</param>
/// <param name="Scale">The mel scale.</param>
/// <param name="HasUnitArea">Whether the triangle of each band has the area 1 in hertz; false if it has the height 1.</param>
internal sealed record AudioMel(int Bands, double MinFrequency, double MaxFrequency, MelScale Scale, bool HasUnitArea);
