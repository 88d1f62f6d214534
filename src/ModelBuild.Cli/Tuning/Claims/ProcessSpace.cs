using System.ComponentModel;
using System.Diagnostics;

namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>
/// Identifies the set of processes whose numbers are comparable. Two containers on one machine may have processes of the same number, and two machines may have
/// the same name.
/// </summary>
internal static class ProcessSpace
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id";
    private const string NamespaceFile = "/proc/self/ns/pid";

    /// <summary>Gets a text that identifies the space of this process. Process numbers are comparable between processes with equal texts.</summary>
    public static string OfThisProcess { get; } = Find();

    /// <summary>Returns whether a process with a number runs in the space of this process.</summary>
    public static bool HasProcess(int number)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            // The process exists, but it belongs to another user.
            return true;
        }
    }

    private static string Find()
    {
        try
        {
            if (File.Exists(BootFile) && new FileInfo(NamespaceFile).LinkTarget is { } space)
                return $"{File.ReadAllText(BootFile).Trim()} {space}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The files that identify the boot and the namespace cannot be read, for example because a container hides them.
        }

        return Environment.MachineName;
    }
}
