namespace ModelBuild.Compression.Passes.Training;

/// <summary>Options of <c>reconstruct</c>.</summary>
/// <param name="Iterations">The number of steps for each block.</param>
internal sealed record ReconstructOptions(int Iterations = 500);
