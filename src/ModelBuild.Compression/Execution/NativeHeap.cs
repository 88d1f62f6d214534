using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Execution;

/// <summary>The heap of the C library, from which ONNX Runtime takes the values of a call. Only glibc is asked for anything.</summary>
public static partial class NativeHeap
{
    private const int MmapThreshold = -3;

    // Smaller blocks are quicker to reuse than to map.
    private const int LargeBlock = 256 << 10;

    /// <summary>
    /// Has large blocks returned to the system as soon as they are freed. By default glibc keeps blocks of up to 32 MB, and sessions of other sizes, which a search opens one
    /// after another, do not fill them. It holds for the whole process, so that only a program of our own may ask for it.
    /// </summary>
    public static void ReturnLargeBlocks() => Call(() => SetOption(MmapThreshold, LargeBlock));

    /// <summary>Returns what is free at the end of the heap and in whole pages inside it.</summary>
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
            // Another C library, such as musl, which returns memory by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimPad(nuint pad);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
