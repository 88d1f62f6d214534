namespace ModelBuild.Compression.Passes.Optimization.Merging;

/// <summary>What a <c>Slice</c> takes of one axis.</summary>
/// <param name="Axis">The axis; counted from the end only where the rank is unknown.</param>
/// <param name="Start">The first index.</param>
/// <param name="End">The index behind the last.</param>
/// <param name="Step">The distance between indexes.</param>
internal sealed record SliceRange(long Axis, long Start, long End, long Step);
