namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// Enumerates the elements of a tensor in memory order with the index of each element's scale. The shape of the scales is broadcast to that of the tensor.
/// </summary>
internal sealed class ScaleSlots
{
    private readonly int[] _sizes;
    private readonly int[] _strides;
    private readonly int[] _index;
    private int _slot;

    /// <param name="shape">The tensor's shape.</param>
    /// <param name="scaleShape">The scales' shape: of the same rank, each axis the tensor's size or 1.</param>
    public ScaleSlots(ReadOnlySpan<long> shape, ReadOnlySpan<long> scaleShape)
    {
        _sizes = new int[shape.Length];
        _strides = new int[shape.Length];
        _index = new int[shape.Length];
        Count = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            _sizes[axis] = checked((int)shape[axis]);
            _strides[axis] = scaleShape[axis] == 1 ? 0 : Count;
            Count = checked(Count * (int)scaleShape[axis]);
        }
    }

    /// <summary>The number of scales of the tensor.</summary>
    public int Count { get; }

    /// <summary>Moves to the first element of the tensor.</summary>
    public void Reset()
    {
        Array.Clear(_index);
        _slot = 0;
    }

    /// <summary>Returns the index of the current element's scale, and moves to the next element.</summary>
    public int Next()
    {
        var slot = _slot;
        for (var axis = _sizes.Length - 1; axis >= 0; axis--)
        {
            _slot += _strides[axis];
            if (++_index[axis] < _sizes[axis])
                break;
            _slot -= _strides[axis] * _sizes[axis];
            _index[axis] = 0;
        }

        return slot;
    }
}
