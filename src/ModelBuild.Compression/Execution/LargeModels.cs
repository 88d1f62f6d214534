namespace ModelBuild.Compression.Execution;

/// <summary>Memory of large models.</summary>
internal static class LargeModels
{
    private const long WorthCollecting = 16 << 20;

    /// <summary>
    /// Gives back what is not needed any more, where a model is large: the collector does not see that a session's memory grows outside its heap, and would keep ours beside it.
    /// </summary>
    /// <param name="bytes">The model's size.</param>
    public static void LetGo(long bytes)
    {
        if (bytes > WorthCollecting)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
