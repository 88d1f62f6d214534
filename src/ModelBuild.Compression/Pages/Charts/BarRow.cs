namespace ModelBuild.Compression.Pages.Charts;

/// <summary>One name in a bar chart, with the values before and after compression.</summary>
/// <param name="Name">The name.</param>
/// <param name="Before">The value of the original.</param>
/// <param name="After">The value of the result.</param>
internal sealed record BarRow(string Name, long Before, long After);
