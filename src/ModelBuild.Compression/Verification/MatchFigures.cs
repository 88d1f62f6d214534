namespace ModelBuild.Compression.Verification;

/// <summary>The numbers of rows of two sets, and the F1 of the rows that match.</summary>
/// <param name="Before">The number of rows of the original.</param>
/// <param name="After">The number of rows of the compressed model.</param>
/// <param name="F1">Twice the matched rows divided by all rows, 0…1. Rectangles match at an overlap of one half.</param>
/// <param name="StrictF1">The same at an overlap of three quarters; null when the rows are not rectangles.</param>
internal sealed record MatchFigures(long Before, long After, double F1, double? StrictF1);
