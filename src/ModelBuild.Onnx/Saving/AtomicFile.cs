namespace ModelBuild.Onnx;

/// <summary>Writes a file under a temporary name in the same folder. The file is renamed when it is complete, and deleted otherwise.</summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private bool _committed;

    public AtomicFile(string path, Action onWritten, CancellationToken cancellationToken)
    {
        _path = path;
        _temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Path.GetRandomFileName()}.tmp");
        Stream = new CancellableStream(
            new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0),
            onWritten,
            cancellationToken
        );
    }

    public Stream Stream { get; }

    public void Commit()
    {
        Stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        _committed = true;
    }

    public void Dispose()
    {
        if (_committed)
            return;
        Stream.Dispose();
        TryDelete(_temporary);
    }

    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The temporary file cannot be deleted, because another process has it open. A leftover temporary file does no harm.
        }
    }
}
