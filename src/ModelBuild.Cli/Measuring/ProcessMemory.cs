using System.Diagnostics;

namespace ModelBuild.Cli.Measuring;

/// <summary>Reads the physical memory of this process.</summary>
internal static class ProcessMemory
{
    // The file by which Linux resets the peak of the memory of a process: the process writes 5 to it (proc_pid_clear_refs(5)).
    private const string ClearFile = "/proc/self/clear_refs";
    private const string ClearPeak = "5";

    /// <summary>Releases unused memory, resets the peak of the memory where the operating system can, and returns the current memory in bytes.</summary>
    public static long Reset()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            if (OperatingSystem.IsLinux())
                File.WriteAllText(ClearFile, ClearPeak);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A container may forbid resetting the peak. The peak then includes the memory that the process needed before.
        }

        return Environment.WorkingSet;
    }

    /// <summary>Returns the current physical memory of this process in bytes.</summary>
    public static long Current() => Environment.WorkingSet;

    /// <summary>Returns the peak of the physical memory in bytes; null where the operating system does not count it.</summary>
    public static long? Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is > 0 and var peak ? peak : null;
    }
}
