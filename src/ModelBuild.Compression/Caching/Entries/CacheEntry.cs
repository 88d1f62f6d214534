using ModelBuild.Compression.Files;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Receipts;

namespace ModelBuild.Compression.Caching.Entries;

/// <summary>
/// The folder of one cached result: the models, the receipt, and a list of their hashes. Files that are not in the list record states of the entry: the time of
/// one file is that of the last use, and another file names the server to which the entry was uploaded, and is empty if the entry was downloaded.
/// </summary>
internal sealed class CacheEntry(string folder)
{
    /// <summary>The file name of the receipt in the folder of a cache entry.</summary>
    public const string ReceiptName = "receipt.json";

    /// <summary>The file name of the model in the folder of a cache entry.</summary>
    public const string ModelName = "model.onnx";

    private const string HashesName = "hashes.txt";
    private const string UsedName = "used.txt";
    private const string UnverifiedName = "unverified.txt";
    private const string ServerName = "server.txt";
    private const int HashLength = 64;

    /// <summary>Gets the path of the entry's folder.</summary>
    public string Folder => folder;

    /// <summary>Gets the path of the model before it is cut into stages.</summary>
    public string ModelPath => PathOf(ModelName);

    /// <summary>Gets whether the folder of the entry exists.</summary>
    public bool Exists => Directory.Exists(folder);

    /// <summary>Gets whether the folder contains the list of the entry's files. Only folders of entries have this list.</summary>
    public bool HasList => File.Exists(PathOf(HashesName));

    /// <summary>Gets whether the entry came from a server and was not verified on this machine.</summary>
    public bool IsUnverified => File.Exists(PathOf(UnverifiedName));

    /// <summary>Gets the size of the entry's files in bytes; 0 if another process removes them meanwhile, or if they cannot be read.</summary>
    public long Bytes => Try(() => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length));

    /// <summary>Gets the time when the entry was last used, which is the time that the file system gave to a file of the entry.</summary>
    public DateTime LastUse => Try(() => new[] { UsedName, HashesName }.Select(name => File.GetLastWriteTimeUtc(PathOf(name))).Max());

    /// <summary>Returns the path of a file in the entry's folder.</summary>
    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Returns the paths of the entry's models that are deployed: one model, or one for each stage.</summary>
    public IReadOnlyList<string> Models(int stages) => stages > 1 ? StageFiles.Of(ModelPath, stages) : [ModelPath];

    /// <summary>Completes the entry: writes its receipt and then the list of all its files.</summary>
    public void Seal(Receipt receipt)
    {
        File.WriteAllText(PathOf(ReceiptName), JsonText.Of(receipt));
        WriteList([
            .. Directory
                .EnumerateFiles(folder)
                .Select(file => new CacheFile(Path.GetFileName(file), ContentHash.Of(file), new FileInfo(file).Length))
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ]);
    }

    /// <summary>Writes the list of the entry's files with their hashes.</summary>
    public void WriteList(IReadOnlyList<CacheFile> files) => File.WriteAllLines(PathOf(HashesName), files.Select(file => $"{file.Hash} {file.Name}").ToArray());

    /// <summary>Returns the files in the entry's list, with the hashes that they had when the list was written.</summary>
    /// <exception cref="IOException">The entry is not complete.</exception>
    public IReadOnlyList<CacheFile> ReadList() =>
        [
            .. File.ReadAllLines(PathOf(HashesName))
                .Select(line =>
                    line.Length > HashLength + 1
                        ? new CacheFile(line[(HashLength + 1)..], line[..HashLength], new FileInfo(PathOf(line[(HashLength + 1)..])).Length)
                        : throw new InvalidDataException($"'{HashesName}' has a line without a name.")
                ),
        ];

    /// <summary>Returns the receipt of the entry if each file has the hash in the entry's list; null for a damaged or missing entry.</summary>
    public Receipt? TryRead()
    {
        try
        {
            var files = ReadList();
            return files.Count >= 2 && files.All(file => ContentHash.Of(PathOf(file.Name)) == file.Hash) ? ReadReceipt() : null;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Returns the receipt of the entry; null if the text of the file is not a receipt.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Receipt? ReadReceipt() => CheckedReceipt.TryRead(File.ReadAllText(PathOf(ReceiptName)));

    /// <summary>Deletes all files of the entry, and creates the entry's folder if it is missing.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Empty()
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(folder))
            File.Delete(file);
    }

    /// <summary>Records in a file that the entry came from a server and was not verified on this machine.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void MarkUnverified() => File.WriteAllText(PathOf(UnverifiedName), "\n");

    /// <summary>Records that the entry was verified on this machine.</summary>
    public void MarkVerified()
    {
        try
        {
            File.Delete(PathOf(UnverifiedName));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder is not writable, so the file that marks the entry as unverified stays. The next build verifies the entry again.
        }
    }

    /// <summary>
    /// Returns whether the entry must not be uploaded to a server: that server has it, or the entry was downloaded, and a result of one server must not reach
    /// the users of another.
    /// </summary>
    /// <param name="server">The address of the server.</param>
    public bool IsSharedWith(Uri server)
    {
        try
        {
            return File.ReadAllText(PathOf(ServerName)) is var text && (text.Length == 0 || text == server.AbsoluteUri);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Records in a file that the entry was uploaded to a server.</summary>
    /// <param name="server">The address of the server.</param>
    public void MarkShared(Uri server)
    {
        try
        {
            File.WriteAllText(PathOf(ServerName), server.AbsoluteUri);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The upload of the entry is not recorded: the folder is read only, or another build has removed the entry. The next build uploads the entry again.
        }
    }

    /// <summary>Records in a file that the entry was downloaded, so that it is not uploaded.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void MarkDownloaded() => File.WriteAllText(PathOf(ServerName), "");

    /// <summary>
    /// Records that the entry was used now. The method writes a file so that the file system sets the time, because a clock of this machine could differ.
    /// </summary>
    public void MarkUsed()
    {
        try
        {
            File.WriteAllText(PathOf(UsedName), "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The time of the last use is not updated: the folder is read only, another build writes the same file, or another build has removed the entry.
        }
    }

    private static T Try<T>(Func<T> read)
        where T : struct
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
