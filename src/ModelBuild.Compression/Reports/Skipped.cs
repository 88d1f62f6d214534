namespace ModelBuild.Compression.Reports;

/// <summary>An element that a pass skipped, with the reason.</summary>
/// <param name="What">The name of the node or tensor.</param>
/// <param name="Why">The reason.</param>
internal sealed record Skipped(string What, string Why);
