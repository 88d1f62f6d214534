namespace ModelBuild.Cli.Tuning;

/// <summary>Reads and deletes files that other processes may write, rename and delete at the same time.</summary>
internal static class SharedFile
{
    /// <summary>Returns the text of a file; null if it does not exist, or cannot be read at this moment.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            // Windows lets other processes delete an open file only if each of them allows it.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Deletes a file, if it exists and no other process holds it.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file is of no further use. It is deleted with the folder.
        }
    }

    /// <summary>Deletes a folder with its files, if it exists and no other process holds one of them.</summary>
    public static void TryDeleteFolder(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A child process that was killed may hold a file for a moment longer.
        }
    }
}
