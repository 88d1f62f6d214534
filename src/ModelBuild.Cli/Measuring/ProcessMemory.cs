using System.Diagnostics;

namespace ModelBuild.Cli.Measuring;

/// <summary>Reads the physical memory of this process.</summary>
internal static class ProcessMemory
{
    // Linux resets the peak of a process when it writes 5 to this file (proc_pid_clear_refs(5)).
    private const string ClearFile = "/proc/self/clear_refs";
    private const string ClearPeak = "5";

    /// <summary>Releases unused memory, resets the peak where the operating system can, and returns the memory in bytes.</summary>
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
            // A container may forbid it. The peak then includes what the process needed before.
        }

        return Environment.WorkingSet;
    }

    /// <summary>Returns the current memory in bytes.</summary>
    public static long Current() => Environment.WorkingSet;

    /// <summary>Returns the peak in bytes; null where the operating system does not count it.</summary>
    public static long? Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is > 0 and var peak ? peak : null;
    }
}
