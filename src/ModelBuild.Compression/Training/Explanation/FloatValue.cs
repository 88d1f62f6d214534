namespace ModelBuild.Compression.Training.Explanation;

/// <summary>A float32 value of a model in one run.</summary>
/// <param name="Shape">The sizes of its dimensions.</param>
/// <param name="Values">The elements, in row-major order.</param>
internal sealed record FloatValue(long[] Shape, float[] Values);
