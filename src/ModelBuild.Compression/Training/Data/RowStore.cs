namespace ModelBuild.Compression.Training.Data;

/// <summary>Keeps rows in memory up to a limit, and others in files.</summary>
/// <param name="memory">The largest number of bytes in memory.</param>
internal sealed class RowStore(long memory) : IDisposable
{
    private readonly OpenFiles _files = new();
    private TemporaryRows? _temporary;
    private long _free = memory;

    /// <summary>Returns whether rows of this many bytes are kept in memory.</summary>
    public bool IsSmall(long bytes) => bytes <= Math.Min(_free, Array.MaxLength);

    /// <summary>Returns rows that are read from a file when they are needed.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="offset">The position of the first row in the file.</param>
    public IRowArray InFile(string path, long offset) => new FileRows(_files, path, offset);

    /// <summary>Copies rows into memory if they are small, and to a temporary file otherwise.</summary>
    /// <param name="chunks">The bytes of the rows in order.</param>
    /// <param name="bytes">The number of all bytes.</param>
    public IRowArray Copy(IEnumerable<byte[]> chunks, long bytes)
    {
        if (!IsSmall(bytes))
            return (_temporary ??= new TemporaryRows()).Add(chunks);
        var all = new byte[bytes];
        var position = 0;
        foreach (var chunk in chunks)
        {
            chunk.CopyTo(all, position);
            position += chunk.Length;
        }

        _free -= bytes;
        return new MemoryRows(all);
    }

    public void Dispose()
    {
        _files.Dispose();
        _temporary?.Dispose();
    }
}
