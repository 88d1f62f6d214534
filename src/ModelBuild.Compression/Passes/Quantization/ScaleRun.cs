namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>Elements that follow each other in memory and share a scale, or have scales that follow each other.</summary>
/// <param name="Start">The first element.</param>
/// <param name="Length">The number of elements.</param>
/// <param name="Slot">The scale of the first element.</param>
internal readonly record struct ScaleRun(int Start, int Length, int Slot);
