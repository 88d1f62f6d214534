using ModelBuild.Compression.Comparison;

namespace ModelBuild.Compression.Tuning;

/// <summary>The measured time of a point of the front with one number of threads. The runs alternate with runs of the original.</summary>
/// <param name="Threads">The number of threads of a run, or <c>all</c> for the default of ONNX Runtime.</param>
/// <param name="Original">The times of the original.</param>
/// <param name="Point">The times of the point.</param>
internal sealed record PointLatency(string Threads, LatencyEntry Original, LatencyEntry Point);
