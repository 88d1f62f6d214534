namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>The range of one axis that a <c>Slice</c> copies.</summary>
/// <param name="Axis">The axis; counted from the end only where the rank is unknown.</param>
/// <param name="Start">The first index.</param>
/// <param name="End">The index after the last.</param>
/// <param name="Step">The distance between indices.</param>
internal sealed record SliceRange(long Axis, long Start, long End, long Step);
