namespace ModelBuild.Compression.Passes.Training;

/// <summary>The options of the step <c>reconstruct</c>.</summary>
/// <param name="Iterations">The number of steps for each block.</param>
/// <param name="Exclude">Names or operator types of nodes whose weights do not change; <c>*</c> is allowed, separated by <c>|</c>.</param>
internal sealed record ReconstructOptions(int Iterations = 500, string Exclude = "");
