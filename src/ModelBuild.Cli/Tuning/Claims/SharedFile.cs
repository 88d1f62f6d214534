namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>Reads files that other processes may write, rename and delete at the same time.</summary>
internal static class SharedFile
{
    /// <summary>Returns the text of a file; null if it does not exist, or cannot be read at this moment.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            // The file is opened with all sharing modes, because Windows lets other processes delete an open file only if each process that has it open allows
            // this.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
