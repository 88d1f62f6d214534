namespace ModelBuild.Cli.Data.Files;

/// <summary>Collects the rows of an array in a temporary file, because their number is not known before the last one.</summary>
/// <param name="path">The path of the temporary file.</param>
internal sealed class RowFile(string path) : IDisposable
{
    private readonly FileStream _stream = File.Create(path);

    /// <summary>Gets the number of rows that were added.</summary>
    public int Rows { get; private set; }

    /// <summary>Adds a row to the temporary file.</summary>
    /// <param name="row">The elements as little-endian numbers.</param>
    public void Write(ReadOnlySpan<byte> row)
    {
        _stream.Write(row);
        Rows++;
    }

    /// <summary>Writes the rows as an array of an archive.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="name">The name of the array.</param>
    /// <param name="type">The element type of NumPy.</param>
    /// <param name="shape">The sizes of the array's dimensions.</param>
    public void CopyTo(NpzWriter archive, string name, string type, ReadOnlySpan<long> shape)
    {
        _stream.Position = 0;
        using var array = archive.Start(name, type, shape);
        _stream.CopyTo(array);
    }

    public void Dispose() => _stream.Dispose();
}
