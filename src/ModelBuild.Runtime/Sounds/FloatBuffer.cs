using System.Buffers;

namespace ModelBuild.Runtime.Sounds;

/// <summary>Represents memory for floats that is rented from the shared pool. Its content is undefined at first.</summary>
internal readonly ref struct FloatBuffer
{
    private readonly float[]? _array;

    /// <summary>Rents memory from the shared pool.</summary>
    /// <param name="length">The number of floats.</param>
    public FloatBuffer(int length)
    {
        _array = ArrayPool<float>.Shared.Rent(length);
        Span = _array.AsSpan(0, length);
    }

    /// <summary>Gets the memory.</summary>
    public Span<float> Span { get; }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        if (_array is not null)
            ArrayPool<float>.Shared.Return(_array);
    }
}
