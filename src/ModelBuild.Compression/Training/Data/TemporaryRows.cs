namespace ModelBuild.Compression.Training.Data;

/// <summary>A temporary file for rows that cannot be read by position where they are stored. The system deletes the file when it is closed.</summary>
internal sealed class TemporaryRows : IDisposable
{
    private readonly FileStream _file = new(
        Path.Combine(Path.GetTempPath(), $"modelbuild-{Path.GetRandomFileName()}"),
        FileMode.CreateNew,
        FileAccess.ReadWrite,
        FileShare.None,
        1 << 16,
        FileOptions.DeleteOnClose
    );

    /// <summary>Writes the bytes of rows to the end of the file.</summary>
    public IRowArray Add(IEnumerable<byte[]> chunks)
    {
        var offset = _file.Seek(0, SeekOrigin.End);
        foreach (var chunk in chunks)
            _file.Write(chunk);
        _file.Flush();
        return new Part(_file, offset);
    }

    public void Dispose() => _file.Dispose();

    private sealed class Part(FileStream file, long offset) : IRowArray
    {
        public void Read(long row, Span<byte> target)
        {
            for (var read = 0; read < target.Length; )
            {
                var count = RandomAccess.Read(file.SafeFileHandle, target[read..], offset + row * target.Length + read);
                if (count == 0)
                    throw new InvalidDataException("the temporary file ends before its last element");
                read += count;
            }
        }
    }
}
