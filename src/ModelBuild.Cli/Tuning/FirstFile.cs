using System.Runtime.InteropServices;

namespace ModelBuild.Cli.Tuning;

/// <summary>Gives a complete file its name, unless another process has given that name to a file before.</summary>
internal static partial class FirstFile
{
    // EEXIST on Linux and macOS.
    private const int Exists = 17;

    /// <summary>Moves a file.</summary>
    /// <param name="source">The path of the file.</param>
    /// <param name="target">The new path, on the same file system.</param>
    /// <returns>Whether the file was moved; false if there is a file at the new path.</returns>
    /// <exception cref="IOException">The file cannot be moved.</exception>
    public static bool TryMove(string source, string target)
    {
        if (!OperatingSystem.IsWindows())
        {
            // File.Move looks for the target and then renames, which replaces a file that appears in between. A link never replaces a file.
            if (Link(source, target) == 0)
            {
                File.Delete(source);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == Exists)
                return false;
            // Some file systems have no links.
        }

        try
        {
            File.Move(source, target);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string source, string target);
}
