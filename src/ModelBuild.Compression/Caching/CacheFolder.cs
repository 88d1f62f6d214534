using System.Text.RegularExpressions;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Files;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// The cache folder with the entries of all results. An entry appears and disappears by renaming its folder, so that a concurrent build finds all of its files
/// or none.
/// </summary>
internal sealed partial class CacheFolder(string path)
{
    /// <summary>The limit in bytes for the size of the cache folder if the user sets none.</summary>
    public const long DefaultLimit = 10_000_000_000;

    private const string TemporaryPrefix = ".tmp-";
    private const int ShardLength = 2;

    /// <summary>Gets the path of the cache folder.</summary>
    public string Path => path;

    /// <summary>Returns the entry of a key, which may not exist.</summary>
    public CacheEntry Entry(string key) => new(System.IO.Path.Combine(path, key[..ShardLength], key));

    /// <summary>
    /// Returns all entries of the cache folder. A subfolder with another name than that of an entry, or without the list of an entry's files, is not an entry.
    /// </summary>
    public IReadOnlyList<CacheEntry> Entries() =>
        [
            .. Folders(path)
                .Where(shard => Shard().IsMatch(NameOf(shard)))
                .SelectMany(shard => Folders(shard).Where(folder => Key().IsMatch(NameOf(folder)) && NameOf(folder)[..ShardLength] == NameOf(shard)))
                .Order(StringComparer.Ordinal)
                .Select(folder => new CacheEntry(folder))
                .Where(entry => entry.HasList),
        ];

    /// <summary>Creates an empty temporary folder in which a build writes an entry. The result is null if the cache folder cannot be written.</summary>
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

    /// <summary>Renames the temporary folder of a complete entry to the folder of its key. If that fails, the cache folder does not have the entry.</summary>
    public static void Keep(CacheEntry temporary, CacheEntry entry)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(entry.Folder)!);
            Directory.Move(temporary.Folder, entry.Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder cannot be renamed, because another build has written an equal entry first, or because the cache folder is read only. Neither cause is
            // an error.
        }
    }

    /// <summary>Removes an entry from the cache folder. On Windows the entry stays if another process uses one of its files.</summary>
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
            // The entry cannot be removed, because another build has removed it first, or because a file of the entry is in use.
        }

        return !entry.Exists;
    }

    /// <summary>
    /// Removes all entries from the cache folder, and the temporary folders that builds have left. No build may use the cache folder meanwhile.
    /// </summary>
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

    /// <summary>Removes the entries that were not used for the longest time, until the remaining entries have at most a given number of bytes.</summary>
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

    // Returns the paths of the subfolders of a folder. A folder that does not exist, or that this user may not read, counts as empty.
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
