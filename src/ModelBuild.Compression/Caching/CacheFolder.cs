using System.Text.RegularExpressions;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Files;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// The folder of all entries. An entry appears and disappears by renaming its folder, so that a concurrent build finds all of its files or none.
/// </summary>
internal sealed partial class CacheFolder(string path)
{
    /// <summary>The size in bytes that the folder is kept below if the user names none.</summary>
    public const long DefaultLimit = 10_000_000_000;

    private const string TemporaryPrefix = ".tmp-";
    private const int ShardLength = 2;

    /// <summary>Gets the folder.</summary>
    public string Path => path;

    /// <summary>Returns the entry of a key, which may not exist.</summary>
    public CacheEntry Entry(string key) => new(System.IO.Path.Combine(path, key[..ShardLength], key));

    /// <summary>Returns all entries. A folder with another name than that of an entry, or without the list of an entry, is none.</summary>
    public IReadOnlyList<CacheEntry> Entries() =>
        [
            .. Folders(path)
                .Where(shard => Shard().IsMatch(NameOf(shard)))
                .SelectMany(shard => Folders(shard).Where(folder => Key().IsMatch(NameOf(folder)) && NameOf(folder)[..ShardLength] == NameOf(shard)))
                .Order(StringComparer.Ordinal)
                .Select(folder => new CacheEntry(folder))
                .Where(entry => entry.HasList),
        ];

    /// <summary>Creates an empty folder to make an entry in; returns null if the cache folder cannot be written.</summary>
    public CacheEntry? TryCreateTemporary()
    {
        try
        {
            StaleFolders.Sweep(path, TemporaryPrefix + "*");
            return new CacheEntry(Directory.CreateDirectory(TemporaryPath()).FullName);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Moves a complete entry to its place. If that fails, the cache folder does not have it.</summary>
    public static void Keep(CacheEntry temporary, CacheEntry entry)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(entry.Folder)!);
            Directory.Move(temporary.Folder, entry.Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another build has written an equal entry first, or the folder is read only.
        }
    }

    /// <summary>Removes an entry. If another process uses it on Windows, it stays.</summary>
    /// <returns>Whether the entry does not exist any more.</returns>
    public bool Remove(CacheEntry entry)
    {
        try
        {
            var trash = TemporaryPath();
            Directory.Move(entry.Folder, trash);
            Directory.Delete(trash, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another build was faster, or a file is in use.
        }

        return !entry.Exists;
    }

    /// <summary>Removes all entries, and the temporary folders that builds have left. No build may use the folder meanwhile.</summary>
    /// <returns>The number of removed entries and their bytes.</returns>
    public (int Entries, long Bytes) Clear()
    {
        var (count, removed) = (0, 0L);
        foreach (var (entry, bytes) in Entries().Select(entry => (entry, entry.Bytes)).ToArray())
        {
            if (!Remove(entry))
                continue;
            removed += bytes;
            count++;
        }

        foreach (var folder in Folders(path).Where(folder => Temporary().IsMatch(NameOf(folder))))
            StaleFolders.TryDelete(folder);
        return (count, removed);
    }

    /// <summary>Removes the entries that were not used for the longest time until the others have at most a number of bytes.</summary>
    /// <param name="limit">The number of bytes.</param>
    /// <param name="kept">An entry that stays in any case; null for none.</param>
    /// <returns>The number of removed entries and their bytes.</returns>
    public (int Entries, long Bytes) Prune(long limit, CacheEntry? kept = null)
    {
        var entries = Entries().Select(entry => (Entry: entry, entry.Bytes, entry.LastUse)).ToArray();
        var left = entries.Sum(entry => entry.Bytes);
        var (count, removed) = (0, 0L);
        foreach (var (entry, bytes, _) in entries.Where(entry => entry.Entry.Folder != kept?.Folder).OrderBy(entry => entry.LastUse))
        {
            if (left <= limit)
                break;
            if (!Remove(entry))
                continue;
            (left, removed) = (left - bytes, removed + bytes);
            count++;
        }

        return (count, removed);
    }

    private static string NameOf(string folder) => System.IO.Path.GetFileName(folder);

    // A folder that does not exist, or that this user may not read, has none.
    private static string[] Folders(string parent)
    {
        try
        {
            return Directory.GetDirectories(parent);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string TemporaryPath() => System.IO.Path.Combine(path, TemporaryPrefix + System.IO.Path.GetRandomFileName());

    [GeneratedRegex(@"^[0-9a-f]{2}\z")]
    private static partial Regex Shard();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Key();

    [GeneratedRegex(@"^\.tmp-[a-z0-9]{8}\.[a-z0-9]{3}\z")]
    private static partial Regex Temporary();
}
