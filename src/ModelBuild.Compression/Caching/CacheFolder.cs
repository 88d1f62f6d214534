using ModelBuild.Compression.Files;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// The folder of all entries. An entry appears and disappears by renaming its folder, so that a concurrent build finds all of its files or none.
/// </summary>
internal sealed class CacheFolder(string path)
{
    /// <summary>The size in bytes that the folder is kept below if the user names none.</summary>
    public const long DefaultLimit = 10_000_000_000;

    private const string TemporaryPrefix = ".tmp-";
    private const int ShardLength = 2;
    private const int KeyLength = 64;

    /// <summary>Gets the folder.</summary>
    public string Path => path;

    /// <summary>Returns the entry of a key, which may not exist.</summary>
    public CacheEntry Entry(string key) => new(System.IO.Path.Combine(path, key[..ShardLength], key));

    /// <summary>Returns all entries.</summary>
    public IReadOnlyList<CacheEntry> Entries() =>
        Directory.Exists(path)
            ?
            [
                .. Directory
                    .EnumerateDirectories(path, new string('?', ShardLength))
                    .SelectMany(shard => Directory.EnumerateDirectories(shard, new string('?', KeyLength)))
                    .Order(StringComparer.Ordinal)
                    .Select(folder => new CacheEntry(folder)),
            ]
            : [];

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

    /// <summary>Moves a complete entry to its place.</summary>
    public static void Keep(CacheEntry temporary, CacheEntry entry)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(entry.Folder)!);
        try
        {
            Directory.Move(temporary.Folder, entry.Folder);
        }
        catch (IOException) when (entry.Exists)
        {
            // Another build has written an equal entry first.
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

    /// <summary>Removes the entries that were not used for the longest time until the others have at most a number of bytes.</summary>
    /// <param name="limit">The number of bytes.</param>
    /// <param name="kept">An entry that stays in any case; null for none.</param>
    /// <returns>The number of removed entries and their bytes.</returns>
    public (int Entries, long Bytes) Prune(long limit, CacheEntry? kept = null)
    {
        var entries = Entries().Select(entry => (Entry: entry, Bytes: TryBytes(entry), entry.LastUse)).ToArray();
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

    // An entry that another process removes meanwhile has no bytes.
    private static long TryBytes(CacheEntry entry)
    {
        try
        {
            return entry.Bytes;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private string TemporaryPath() => System.IO.Path.Combine(path, TemporaryPrefix + System.IO.Path.GetRandomFileName());
}
