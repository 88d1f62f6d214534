using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration;

/// <summary>A tensor of float32 in memory that belongs to somebody else.</summary>
/// <param name="floats">The elements in row-major order.</param>
/// <param name="shape">The sizes of its dimensions.</param>
internal readonly ref struct FloatView(ReadOnlySpan<float> floats, long[] shape)
{
    /// <summary>The elements in row-major order.</summary>
    public ReadOnlySpan<float> Floats { get; } = floats;

    /// <summary>The sizes of its dimensions.</summary>
    public long[] Shape { get; } = shape;

    /// <summary>The elements of an array of float32.</summary>
    public static implicit operator FloatView(SampleArray array) => new(array.Floats, array.Shape);
}
