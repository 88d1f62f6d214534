using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Execution;

/// <summary>Configures the heap of the C library, which ONNX Runtime allocates values from. The settings exist only in glibc.</summary>
internal static partial class NativeHeap
{
    private const int MmapThreshold = -3;

    // Smaller blocks are faster to reuse than to map.
    private const int LargeBlock = 256 << 10;

    /// <summary>
    /// Makes glibc return large blocks to the system as soon as they are freed. By default glibc keeps blocks of up to 32 MB, which later sessions of other
    /// sizes cannot use. The setting affects the whole process, so that only ModelBuild's own program may call this method.
    /// </summary>
    public static void ReturnLargeBlocks() => Call(() => SetOption(MmapThreshold, LargeBlock));

    /// <summary>Returns the free memory at the end of the heap and in whole free pages to the system.</summary>
    internal static void Trim() => Call(() => TrimPad(0));

    private static void Call(Func<int> function)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = function();
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // Other C libraries, such as musl, return memory without these settings.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimPad(nuint pad);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
