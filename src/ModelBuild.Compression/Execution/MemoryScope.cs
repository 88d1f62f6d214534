namespace ModelBuild.Compression.Execution;

/// <summary>A section of work that needs much memory. At its end, the memory becomes available to the operating system again.</summary>
/// <param name="bytes">About how many bytes the section needs. The end of a small section does nothing.</param>
internal readonly struct MemoryScope(long bytes) : IDisposable
{
    /// <summary>Ends the section. Objects of the section that are still referenced stay in memory.</summary>
    public void Dispose() => LargeModels.CollectAfterRelease(bytes);
}
