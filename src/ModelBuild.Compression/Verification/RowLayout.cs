namespace ModelBuild.Compression.Verification;

/// <summary>The position of the rows of a set in an output: the axis that counts rows, and whether each row is a column.</summary>
/// <param name="Axis">The axis that counts rows; −1 for the last.</param>
/// <param name="AreColumns">
/// Whether a row consists of the elements of all other axes, as the columns of NonZero. Otherwise the axes before <paramref name="Axis"/> count separate
/// sets.
/// </param>
internal sealed record RowLayout(int Axis, bool AreColumns = false);
