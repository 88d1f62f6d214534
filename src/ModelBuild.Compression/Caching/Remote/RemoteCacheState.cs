namespace ModelBuild.Compression.Caching.Remote;

/// <summary>
/// The state of the remote cache in one build. A build sends no further request to a server that does not work, and no further write to one that refuses a
/// write. A build starts this program once for each project, and these processes share the state in a file that the build names.
/// </summary>
/// <param name="file">The path of the file; null to share nothing.</param>
internal sealed class RemoteCacheState(string? file)
{
    private const string ClosedLine = "closed";
    private const string ReadOnlyLine = "read-only";

    private bool _isClosed;
    private bool _isReadOnly;

    /// <summary>Gets whether this build sends no further requests to the server.</summary>
    public bool IsClosed => _isClosed || (_isClosed = Has(ClosedLine));

    /// <summary>Gets whether this build writes no further entries to the server.</summary>
    public bool IsReadOnly => IsClosed || _isReadOnly || (_isReadOnly = Has(ReadOnlyLine));

    /// <summary>Stops all further requests of this build to the server.</summary>
    public void Close()
    {
        _isClosed = true;
        Add(ClosedLine);
    }

    /// <summary>Stops all further requests of this build that write to the server.</summary>
    public void StopWriting()
    {
        _isReadOnly = true;
        Add(ReadOnlyLine);
    }

    private bool Has(string line)
    {
        try
        {
            return File.Exists(file) && File.ReadLines(file).Contains(line);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Add(string line)
    {
        if (file is null)
            return;
        try
        {
            File.AppendAllText(file, line + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The line cannot be written, because another process of the build writes at this moment or the build has ended. Other processes do not get the
            // line, and this process keeps its content in memory.
        }
    }
}
