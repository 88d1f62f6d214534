using ModelBuild.Compression.Estimation;

namespace ModelBuild.Compression.Profiling;

/// <summary>The times and the memory of a model that a process measured.</summary>
/// <param name="LoadMs">The time of the first load in the process, with the file in the cache of the operating system, in milliseconds.</param>
/// <param name="FirstCallMs">The time of the first call in milliseconds.</param>
/// <param name="Memory">The memory of the model; null in a process with several models.</param>
/// <param name="Latency">The times of the calls after some calls that do not count.</param>
/// <param name="Ratio">The time relative to that of the first model, from calls in turns.</param>
internal sealed record ModelTimes(double LoadMs, double FirstCallMs, MemoryFigures? Memory, LatencyFigures Latency, RatioFigures Ratio);
