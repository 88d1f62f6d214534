namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// Divides a tensor in memory order into runs of elements that share one scale, or that have consecutive scales. The runs are distributed to parts of about
/// the same number of elements, which can be processed in parallel.
/// </summary>
internal sealed class ScaleRuns
{
    // The smallest number of elements for a thread. A smaller part takes less time than starting a second thread.
    private const int PartLength = 1 << 18;

    private readonly ScaleRun[] _runs;
    private readonly List<int> _parts = [0];

    /// <param name="shape">The tensor's shape.</param>
    /// <param name="scaleShape">The scales' shape: of the same rank, each axis the tensor's size or 1.</param>
    public ScaleRuns(ReadOnlySpan<long> shape, ReadOnlySpan<long> scaleShape)
    {
        var (outer, length, isShared) = Inner(shape, scaleShape);
        IsShared = isShared;
        var slots = new ScaleSlots(shape[..outer], scaleShape[..outer]);
        var slotsPerRun = isShared ? 1 : length;
        SlotCount = slots.Count * slotsPerRun;
        var count = 1;
        foreach (var size in shape[..outer])
            count = checked(count * (int)size);

        // A tensor with one scale is divided into parts as well, so that all threads can process it.
        var pieces = isShared ? Math.Max(1, length / PartLength) : 1;
        _runs = new ScaleRun[count * pieces];
        for (var i = 0; i < count; i++)
        {
            var slot = slots.Next() * slotsPerRun;
            for (var piece = 0; piece < pieces; piece++)
            {
                var (start, end) = ((int)((long)length * piece / pieces), (int)((long)length * (piece + 1) / pieces));
                _runs[(i * pieces) + piece] = new ScaleRun((i * length) + start, end - start, slot);
            }
        }

        var elements = 0;
        for (var i = 0; i < _runs.Length; i++)
        {
            elements += _runs[i].Length;
            if (elements < PartLength && i < _runs.Length - 1)
                continue;
            _parts.Add(i + 1);
            elements = 0;
        }
    }

    /// <summary>Whether the elements of a run share its scale; otherwise each has its own, and the scales are contiguous.</summary>
    public bool IsShared { get; }

    /// <summary>The number of scales of the tensor.</summary>
    public int SlotCount { get; }

    /// <summary>The number of parts, which can be processed in parallel.</summary>
    public int PartCount => _parts.Count - 1;

    /// <summary>Returns the runs of one part.</summary>
    public ReadOnlySpan<ScaleRun> Part(int index) => _runs.AsSpan(_parts[index].._parts[index + 1]);

    /// <summary>
    /// Returns the number of elements of the last axes that either all share scales or all have their own; axes of size 1 belong to both kinds.
    /// </summary>
    private static (int Outer, int Length, bool IsShared) Inner(ReadOnlySpan<long> shape, ReadOnlySpan<long> scaleShape)
    {
        bool? isShared = null;
        var length = 1;
        var axis = shape.Length;
        for (; axis > 0; axis--)
        {
            if (shape[axis - 1] != 1 && (isShared ??= scaleShape[axis - 1] == 1) != (scaleShape[axis - 1] == 1))
                break;
            length = checked(length * (int)shape[axis - 1]);
        }

        return (axis, length, isShared ?? true);
    }
}
