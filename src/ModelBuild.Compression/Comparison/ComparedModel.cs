using ModelBuild.Compression.Profiling;

namespace ModelBuild.Compression.Comparison;

/// <summary>One of the models that the command <c>compare</c> compares, with its size, load time, memory and outputs.</summary>
/// <param name="Model">The path of the model as the user gave it.</param>
/// <param name="Bytes">The bytes of the model on disk, including external data.</param>
/// <param name="LoadMs">The time of the first load in a process of its own, in milliseconds.</param>
/// <param name="Memory">The memory that the model adds to a process of its own.</param>
/// <param name="Outputs">The outputs compared with those of the first model; null for the first model.</param>
internal sealed record ComparedModel(string Model, long Bytes, double LoadMs, MemoryFigures? Memory, ComparedOutputs? Outputs);
