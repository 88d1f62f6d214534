namespace ModelBuild.Compression.Layers.Moments;

/// <summary>A float32 tensor, row by row.</summary>
/// <param name="Shape">The size of each axis.</param>
/// <param name="Data">The numbers.</param>
internal readonly record struct FloatTensor(long[] Shape, ReadOnlyMemory<float> Data);
