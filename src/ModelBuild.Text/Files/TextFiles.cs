namespace ModelBuild.Text.Files;

/// <summary>Provides the files beside a text model, which are in a folder or are named streams.</summary>
internal sealed class TextFiles
{
    private const int MaxBytes = 1 << 29;

    private readonly Func<string, Stream?> _open;
    private readonly string? _folder;

    /// <summary>Initializes a new instance of the <see cref="TextFiles"/> class with the files of a folder.</summary>
    /// <param name="folder">The folder of the files.</param>
    public TextFiles(string folder)
    {
        _folder = folder;
        _open = name => Path.Combine(folder, name) is var path && File.Exists(path) ? File.OpenRead(path) : null;
    }

    /// <summary>Initializes a new instance of the <see cref="TextFiles"/> class with named streams.</summary>
    /// <param name="streams">Opens a stream of each file, by the name of the file.</param>
    public TextFiles(IReadOnlyDictionary<string, Func<Stream>> streams) => _open = name => streams.TryGetValue(name, out var open) ? open() : null;

    /// <summary>Returns the name of a file as messages state it: with the path of the folder if there is one.</summary>
    public string Describe(string name) => _folder is null ? name : Path.Combine(_folder, name);

    /// <summary>Returns the bytes of a file. The value is null if the file does not exist.</summary>
    /// <exception cref="TokenizerException">The file cannot be read, or has more than 512 MiB.</exception>
    public byte[]? Read(string name)
    {
        try
        {
            using var stream = _open(name);
            if (stream is null)
                return null;
            var bytes = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int count; (count = stream.Read(buffer)) > 0; )
            {
                if (bytes.Length + count > MaxBytes)
                    throw new TokenizerException(Describe(name), "The file has more than 512 MiB, which is more than any tokenizer needs.");
                bytes.Write(buffer, 0, count);
            }

            return bytes.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerException(Describe(name), $"The file cannot be read: {e.Message}", e);
        }
    }
}
