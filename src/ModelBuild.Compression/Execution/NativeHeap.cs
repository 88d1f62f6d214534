using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Execution;

/// <summary>Configures the heap of the C library, which ONNX Runtime allocates values from. The settings exist only in glibc.</summary>
internal static partial class NativeHeap
{
    private const int MmapThreshold = -3;
    private const int TrimThreshold = -1;

    // The size in bytes from which glibc maps each block by itself. Smaller blocks are faster to reuse than to map.
    private const int LargeBlock = 256 << 10;

    // The default of glibc for M_TRIM_THRESHOLD in bytes: free memory at the end of the heap above this size is returned to the system.
    private const int UsualTrim = 128 << 10;

    private const int Unlimited = 1 << 30;

    private static bool _returnsLargeBlocks;
    private static int _keepers;

    /// <summary>
    /// Makes glibc return large blocks to the system as soon as they are freed. By default glibc keeps blocks of up to 32 MB, which later sessions of other
    /// sizes cannot use. The setting affects the whole process, so that only ModelBuild's own program may call this method.
    /// </summary>
    public static void ReturnLargeBlocks()
    {
        _returnsLargeBlocks = true;
        Call(() => SetOption(MmapThreshold, LargeBlock));
    }

    /// <summary>
    /// Makes glibc keep large blocks that are freed, because sessions without an arena soon allocate blocks of the same sizes. It changes nothing in a process
    /// in which <see cref="ReturnLargeBlocks"/> was not called.
    /// </summary>
    public static void KeepLargeBlocks()
    {
        if (Interlocked.Increment(ref _keepers) > 1 || !_returnsLargeBlocks)
            return;
        Call(() => SetOption(MmapThreshold, Unlimited));
        Call(() => SetOption(TrimThreshold, Unlimited));
    }

    /// <summary>Ends the effect of <see cref="KeepLargeBlocks"/> after as many calls, and returns the free memory to the system.</summary>
    public static void EndKeepingLargeBlocks()
    {
        if (Interlocked.Decrement(ref _keepers) > 0 || !_returnsLargeBlocks)
            return;
        Call(() => SetOption(TrimThreshold, UsualTrim));
        ReturnLargeBlocks();
        Trim();
    }

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
            // The function is missing, because the C library is not glibc. Other C libraries, such as musl, return memory without these settings.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimPad(nuint pad);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
