namespace ModelBuild.Compression.Pages.Charts;

/// <summary>A line of a chart in the HTML report.</summary>
/// <param name="Name">The name in the key.</param>
/// <param name="Points">The values over the steps, in the order of the steps.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<(int Step, double Value)> Points);
