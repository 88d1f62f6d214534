using System.Runtime.InteropServices;

namespace ModelBuild.Cli.Tuning;

/// <summary>Gives a complete file its final name, unless another process has already given that name to a file.</summary>
internal static partial class FirstFile
{
    // The error number EEXIST, which Linux and macOS share: a file with the new name exists already.
    private const int Exists = 17;

    /// <summary>Moves a file unless a file exists at the new path.</summary>
    /// <param name="source">The path of the file.</param>
    /// <param name="target">The new path, on the same file system.</param>
    /// <returns>Whether the file was moved; false if there is a file at the new path.</returns>
    /// <exception cref="IOException">The file cannot be moved.</exception>
    public static bool TryMove(string source, string target)
    {
        if (!OperatingSystem.IsWindows())
        {
            // A hard link is created instead of calling File.Move, which checks the target and then renames, so that it replaces a file that appears in
            // between. A link never replaces a file.
            if (Link(source, target) == 0)
            {
                File.Delete(source);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == Exists)
                return false;
            // Some file systems do not support hard links, so the file is moved without them.
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
