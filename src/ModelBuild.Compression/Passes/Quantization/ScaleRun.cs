namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>Contiguous elements of a tensor that share a scale, or whose scales are contiguous.</summary>
/// <param name="Start">The first element.</param>
/// <param name="Length">The number of elements.</param>
/// <param name="Slot">The index of the scale of the first element.</param>
internal readonly record struct ScaleRun(int Start, int Length, int Slot);
