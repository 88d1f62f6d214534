namespace ModelBuild.Compression.Verification;

/// <summary>Where the rows of a set lie in an output.</summary>
/// <param name="Axis">The axis that counts rows; −1 for the last.</param>
/// <param name="AreColumns">Whether a row is made of all other axes, as the columns of NonZero are; otherwise axes before count separate sets.</param>
internal sealed record RowLayout(int Axis, bool AreColumns = false);
