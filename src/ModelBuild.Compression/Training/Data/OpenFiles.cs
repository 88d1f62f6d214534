using Microsoft.Win32.SafeHandles;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Reads parts of files. A limited number of files is open at a time.</summary>
internal sealed class OpenFiles : IDisposable
{
    private const int MaxOpen = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SafeFileHandle> _handles = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Reads bytes at a position of a file.</summary>
    /// <exception cref="InvalidDataException">The file ends before the last byte.</exception>
    public void Read(string path, long offset, Span<byte> target)
    {
        lock (_gate)
        {
            var handle = Open(path);
            for (var read = 0; read < target.Length; )
            {
                var count = RandomAccess.Read(handle, target[read..], offset + read);
                if (count == 0)
                    throw new InvalidDataException("it ends before its last element");
                read += count;
            }
        }
    }

    public void Dispose()
    {
        foreach (var handle in _handles.Values)
            handle.Dispose();
        _handles.Clear();
        _order.Clear();
    }

    private SafeFileHandle Open(string path)
    {
        if (_handles.TryGetValue(path, out var handle))
            return handle;
        if (_order.Count == MaxOpen && _handles.Remove(_order.Dequeue(), out var oldest))
            oldest.Dispose();
        _order.Enqueue(path);
        return _handles[path] = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
    }
}
