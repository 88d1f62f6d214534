using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Execution;

/// <summary>Memory of large models.</summary>
internal static partial class LargeModels
{
    private const long WorthCollecting = 16 << 20;

    /// <summary>
    /// Gives back what is not needed any more, where that is much: the collector does not see that a session's memory grows outside its heap, and would keep ours beside it;
    /// and glibc keeps what a session has freed, which the next one, of other sizes, does not fill.
    /// </summary>
    /// <param name="bytes">About how much: a model's size.</param>
    public static void LetGo(long bytes)
    {
        if (bytes <= WorthCollecting)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux())
            TrimNativeHeap();
    }

    private static void TrimNativeHeap()
    {
        try
        {
            _ = Trim(0);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, such as musl, which gives memory back by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
