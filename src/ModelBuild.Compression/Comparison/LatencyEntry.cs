using ModelBuild.Compression.Estimation;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Compression.Comparison;

/// <summary>The times of one model that runs in turns with the others.</summary>
/// <param name="Model">The path of the model as the user gave it.</param>
/// <param name="Latency">The times of its calls.</param>
/// <param name="Ratio">The time relative to that of the first model in the same round.</param>
internal sealed record LatencyEntry(string Model, LatencyFigures Latency, RatioFigures Ratio);
