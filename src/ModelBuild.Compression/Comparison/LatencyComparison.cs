namespace ModelBuild.Compression.Comparison;

/// <summary>The times of models with one number of threads and of rows.</summary>
/// <param name="Threads">The number of threads of a run, or <c>all</c> for the default of ONNX Runtime.</param>
/// <param name="Rows">The number of rows of a call.</param>
/// <param name="Models">One entry for each model.</param>
internal sealed record LatencyComparison(string Threads, long Rows, IReadOnlyList<LatencyEntry> Models);
