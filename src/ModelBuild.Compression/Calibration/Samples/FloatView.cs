using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Samples;

/// <summary>A view of a float32 tensor in memory that another object owns.</summary>
/// <param name="floats">The elements in row-major order.</param>
/// <param name="shape">The sizes of the dimensions.</param>
internal readonly ref struct FloatView(ReadOnlySpan<float> floats, long[] shape)
{
    /// <summary>The elements of the tensor in row-major order.</summary>
    public ReadOnlySpan<float> Floats { get; } = floats;

    /// <summary>The sizes of the dimensions of the tensor.</summary>
    public long[] Shape { get; } = shape;

    /// <summary>Creates a view of the elements of a float32 array.</summary>
    public static implicit operator FloatView(SampleArray array) => new(array.Floats, array.Shape);
}
