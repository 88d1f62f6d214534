namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>The assignment of values to buffers. Values that are not needed at the same time share a buffer.</summary>
internal sealed class BufferPlan
{
    private readonly List<List<BufferUse>> _buffers = [];

    /// <summary>Assigns values to buffers, the largest first, so that the first value of a buffer has its size.</summary>
    public BufferPlan(IEnumerable<BufferUse> uses)
    {
        foreach (var use in uses.OrderByDescending(use => use.Bytes).ThenBy(use => use.Name, StringComparer.Ordinal))
            if (_buffers.Find(buffer => !buffer.Exists(use.Overlaps)) is { } free)
                free.Add(use);
            else
                _buffers.Add([use]);
    }

    /// <summary>The buffers, each with its values and its size in bytes.</summary>
    public IEnumerable<(IReadOnlyList<BufferUse> Uses, long Bytes)> Buffers => _buffers.Select(buffer => ((IReadOnlyList<BufferUse>)buffer, buffer[0].Bytes));

    /// <summary>The size of all buffers in bytes.</summary>
    public long Bytes => _buffers.Sum(buffer => buffer[0].Bytes);
}
