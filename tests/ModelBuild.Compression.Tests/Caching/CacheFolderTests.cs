using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Pipeline;

namespace ModelBuild.Compression.Tests.Caching;

/// <summary>Tests that the size of the cache folder is bounded and that entries in use stay.</summary>
public sealed class CacheFolderTests : IDisposable
{
    // An entry that a test writes has about 260 bytes.
    private const long OneEntry = 400;

    private static readonly DateTime Long = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    private CacheFolder Cache => new(_folder.File("cache"));

    [Fact]
    public void The_entries_that_were_not_used_for_the_longest_time_are_removed_first()
    {
        string[] keys = [Make('a', 100, day: 3), Make('b', 100, day: 1), Make('c', 100, day: 2)];

        var removed = Cache.Prune(limit: Cache.Entries().Sum(entry => entry.Bytes) - 1);

        Assert.Equal(1, removed.Entries);
        Assert.Equal([true, false, true], keys.Select(key => Cache.Entry(key).Exists));
        Assert.Equal((1, true), (Cache.Prune(OneEntry).Entries, Cache.Entry(keys[0]).Exists));
        Assert.Equal(0, Cache.Prune(OneEntry).Entries);
        Assert.Equal(1, Cache.Prune(limit: 0).Entries);
        Assert.Empty(Cache.Entries());
        Assert.DoesNotContain(_folder.Names(), name => name.Contains(".tmp-", StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_that_are_no_entries_are_never_removed()
    {
        var key = Make('a', 100, day: 1);
        var digits = new string('b', 64);
        string[] foreign =
        [
            "b/project/file.txt",
            "ab/project/file.txt",
            $"src/{digits}/hashes.txt",
            // The name of the entry is right, but it is in the wrong folder.
            $"aa/{digits}/hashes.txt",
            // The first entry has capital letters, and the second one has no list of its files.
            $"BB/{digits.ToUpperInvariant()}/hashes.txt",
            $"bb/{digits}/model.onnx",
            ".tmp-notes/file.txt",
        ];
        foreach (var file in foreign)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File("cache/" + file))!);
            File.WriteAllText(_folder.File("cache/" + file), "text");
        }

        Assert.Equal(key, Path.GetFileName(Assert.Single(Cache.Entries()).Folder));
        Assert.Equal(1, Cache.Prune(limit: 0).Entries);
        Assert.Equal((0, 0L), Cache.Clear());

        Assert.All(foreign, file => Assert.True(File.Exists(_folder.File("cache/" + file)), file));
    }

    [Fact]
    public void Clear_removes_entries_without_bytes_and_what_was_left()
    {
        var key = Make('a', 0, day: 1);
        foreach (var file in Directory.EnumerateFiles(Cache.Entry(key).Folder))
            File.WriteAllText(file, "");
        Cache.TryCreateTemporary();

        Assert.Equal((1, 0L), Cache.Clear());

        Assert.Equal(["aa"], Directory.EnumerateDirectories(Cache.Path).Select(Path.GetFileName));
        Assert.False(Cache.Entry(key).Exists);
    }

    [Fact]
    public void A_folder_that_does_not_exist_has_no_entries()
    {
        var missing = new CacheFolder(_folder.File("nowhere/cache"));

        Assert.Empty(missing.Entries());
        Assert.Equal((0, 0L), missing.Clear());
        Assert.Equal(0, missing.Entry(new string('a', 64)).Bytes);
    }

    [Fact]
    public void An_entry_that_is_kept_stays_even_if_it_is_too_large()
    {
        var key = Make('a', 100, day: 1);
        Make('b', 100, day: 2);

        Assert.Equal(1, Cache.Prune(limit: 10, kept: Cache.Entry(key)).Entries);

        Assert.True(Cache.Entry(key).Exists);
    }

    [Fact]
    public void A_use_counts_and_is_no_damage()
    {
        var key = Make('a', 100, day: 1);
        var other = Make('b', 100, day: 2);

        Cache.Entry(key).MarkUsed();
        Cache.Entry(key).MarkUsed();
        Cache.Prune(OneEntry);

        Assert.True(Cache.Entry(key).Exists);
        Assert.False(Cache.Entry(other).Exists);
        Assert.Equal(["model.onnx", "receipt.json"], Cache.Entry(key).ReadList().Select(file => file.Name));
    }

    [Fact]
    public void A_build_keeps_the_folder_below_its_size()
    {
        var (first, second) = (Request(seed: 1), Request(seed: 2));
        Assert.False(Get(first, limit: 1).Hit);

        Assert.False(Get(second, limit: 1).Hit);

        Assert.Single(Cache.Entries());
        Assert.True(Get(second, limit: 1).Hit);
        Assert.False(Get(first, limit: 1).Hit);
    }

    [Fact]
    public void A_hit_marks_the_entry_as_used()
    {
        var request = Request(seed: 1);
        Get(request, CacheFolder.DefaultLimit);
        var entry = Assert.Single(Cache.Entries());
        foreach (var file in Directory.EnumerateFiles(entry.Folder))
            File.SetLastWriteTimeUtc(file, Long);

        Assert.True(Get(request, CacheFolder.DefaultLimit).Hit);

        Assert.True(entry.LastUse > Long);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Builds_that_read_while_others_remove_all_get_their_results()
    {
        var requests = Enumerable.Range(0, 4).Select(i => Request(seed: i)).ToArray();
        var expected = requests
            .Select(request =>
            {
                Get(request, CacheFolder.DefaultLimit);
                return File.ReadAllBytes(request.OutputPath);
            })
            .ToArray();

        Parallel.For(
            0,
            24,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i =>
            {
                var output = _folder.File($"many/{i}/small.onnx");
                if (i % 3 == 0)
                    Cache.Prune(limit: 0);
                Get(requests[i % 4] with { OutputPath = output }, limit: 1);
                Assert.Equal(expected[i % 4], File.ReadAllBytes(output));
            }
        );
        // Builds that run at the same time may remove each other's entries. A build that runs alone keeps its own entry.
        Get(requests[0], limit: 1);
        Assert.NotEmpty(Cache.Entries());
    }

    public void Dispose() => _folder.Dispose();

    private CachedResult Get(CompressionRequest request, long limit) =>
        new CompressionCache(Cache.Path, limit).GetOrCompress(request, warning => Assert.Fail(warning.Message));

    private CompressionRequest Request(int seed)
    {
        var model = new Net()
            .Input("x", -1, 64)
            .Constant("w", [64, 64], Noise.Floats(64 * 64, seed + 1, scale: 0.2))
            .Node("MatMul", "x w", "y")
            .Output("y")
            .Save(_folder.File($"{seed}.onnx"));
        return new CompressionRequest(model, _folder.File($"out{seed}/small.onnx"));
    }

    // The method makes an entry with a model of the given size that was last used on the given day.
    private string Make(char letter, int bytes, int day)
    {
        var entry = Cache.Entry(new string(letter, 64));
        Directory.CreateDirectory(entry.Folder);
        File.WriteAllBytes(entry.ModelPath, new byte[bytes]);
        File.WriteAllText(entry.PathOf(CacheEntry.ReceiptName), "{}");
        entry.WriteList([new CacheFile(CacheEntry.ModelName, new string('0', 64), bytes), new CacheFile(CacheEntry.ReceiptName, new string('0', 64), 2)]);
        foreach (var file in Directory.EnumerateFiles(entry.Folder))
            File.SetLastWriteTimeUtc(file, Long.AddDays(day));
        return new string(letter, 64);
    }
}
