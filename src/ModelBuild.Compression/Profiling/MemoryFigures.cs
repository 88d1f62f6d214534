namespace ModelBuild.Compression.Profiling;

/// <summary>The memory that a model adds to a process, in bytes of physical memory.</summary>
/// <param name="LoadedBytes">The growth while the model is loaded.</param>
/// <param name="PeakBytes">The largest growth while the model is loaded and runs; null where the operating system does not count it.</param>
internal sealed record MemoryFigures(long LoadedBytes, long? PeakBytes);
