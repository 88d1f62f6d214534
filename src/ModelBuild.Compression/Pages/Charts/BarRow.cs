namespace ModelBuild.Compression.Pages.Charts;

/// <summary>Two bars of a chart.</summary>
/// <param name="Name">The name.</param>
/// <param name="Before">The value of the original.</param>
/// <param name="After">The value of the result.</param>
internal sealed record BarRow(string Name, long Before, long After);
