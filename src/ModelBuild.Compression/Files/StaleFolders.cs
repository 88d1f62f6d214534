namespace ModelBuild.Compression.Files;

/// <summary>
/// Deletes temporary folders, also those of processes that were killed. A folder counts as stale when it was not written to for a week, because a build that
/// trains may write the first file of its folder after days.
/// </summary>
internal static class StaleFolders
{
    private const int MaxDays = 7;

    /// <summary>Deletes the stale folders directly in <paramref name="parent"/> that match <paramref name="pattern"/>.</summary>
    public static void Sweep(string parent, string pattern)
    {
        if (!Directory.Exists(parent))
            return;
        foreach (var folder in new DirectoryInfo(parent).EnumerateDirectories(pattern))
#pragma warning disable RS0030 // The age of a folder needs the time. It decides what is deleted, not what is written.
            if (folder.LastWriteTimeUtc < DateTime.UtcNow.AddDays(-MaxDays))
#pragma warning restore RS0030
                TryDelete(folder.FullName);
    }

    /// <summary>Deletes a folder with its files, if it exists and no other process holds one of them.</summary>
    public static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder cannot be deleted: another process deleted it first or uses a file in it, or this process may not delete it.
        }
    }
}
