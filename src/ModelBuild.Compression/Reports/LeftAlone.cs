namespace ModelBuild.Compression.Reports;

/// <summary>Something that a pass did not change.</summary>
/// <param name="What">The node or the tensor.</param>
/// <param name="Why">The reason.</param>
public sealed record LeftAlone(string What, string Why);
