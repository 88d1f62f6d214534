using System.Globalization;
using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Testing.Servers;

namespace ModelBuild.Compression.Tests.Caching.Remote;

/// <summary>Tests what several machines do with one server. The server is nginx, or a small server if nginx is not installed.</summary>
public abstract partial class RemoteScenarios : IDisposable
{
    private const int Builds = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly List<CompressionException> _warnings = [];

    /// <summary>Gets the server.</summary>
    protected abstract CacheServer Server { get; }

    [Fact]
    public void The_second_machine_gets_the_result_of_the_first()
    {
        var first = Build("a", Writer());
        var second = Build("b", Reader());
        var third = Build("b", Reader());

        Assert.Equal((CacheSource.None, CacheSource.Server, CacheSource.Folder), (first.Source, second.Source, third.Source));
        Assert.Equal(JsonText.Of(first.Receipt), JsonText.Of(second.Receipt));
        Assert.Equal(Output("a"), Output("b"));
        Assert.Equal(["ac", "cas", "cas"], Server.Files.Select(file => Path.GetDirectoryName(file)));
        Assert.Empty(_warnings);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_result_that_the_server_does_not_have_is_made_here_and_not_written_by_a_reader()
    {
        Assert.Equal(CacheSource.None, Build("a", Reader()).Source);

        Assert.Empty(Server.Files);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_wrong_password_is_one_warning_for_all_models_and_the_builds_succeed()
    {
        var wrong = Settings() with { Push = true, Secret = RemoteCredentials.Of(null, CacheServer.User, "a-wrong-password").Secret };
        var state = new RemoteCacheState(file: null);

        Assert.Equal(CacheSource.None, Build("a", wrong, state, Model(seed: 1)).Source);
        Assert.Equal(CacheSource.None, Build("a", wrong, state, Model(seed: 2)).Source);

        var warning = Assert.Single(_warnings);
        Assert.Equal(Codes.RemoteCache, warning.Code);
        Assert.Contains("refuses (401 Unauthorized) a write, so this build writes nothing to it.", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-password", warning.ToString(), StringComparison.Ordinal);
        Assert.Empty(Server.Files);
    }

    [Fact]
    public void Without_a_secret_nothing_is_written_and_one_warning_says_so()
    {
        var state = new RemoteCacheState(file: null);
        Build("a", Settings() with { Push = true }, state, Model(seed: 1));
        Build("a", Settings() with { Push = true }, state, Model(seed: 2));

        Assert.Contains(
            "There is no secret. Set the environment variable MODELBUILD_REMOTE_CACHE_TOKEN",
            Assert.Single(_warnings).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Server.Files);
    }

    [Theory]
    [InlineData("cas", "does not have the hash of its list")]
    [InlineData("ac", "has a damaged entry for this model")]
    public void A_damaged_file_of_the_server_is_a_warning_and_a_writer_replaces_it(string kind, string reason)
    {
        Build("a", Writer());
        Server.Damage(kind);

        Assert.Equal(CacheSource.None, Build("b", Writer()).Source);

        Assert.Contains(reason, Assert.Single(_warnings).Message, StringComparison.Ordinal);
        Assert.Equal(Output("a"), Output("b"));
        Assert.Equal(CacheSource.Server, Build("c", Reader()).Source);
        Assert.Single(_warnings);
    }

    [Fact]
    public void A_list_whose_file_the_server_has_lost_is_a_miss()
    {
        Build("a", Writer());
        File.Delete(Server[Server.Files[^1]]);

        Assert.Equal(CacheSource.None, Build("b", Reader()).Source);

        Assert.Empty(_warnings);
        Assert.Equal(Output("a"), Output("b"));
    }

    [Fact]
    public async Task An_upload_that_ended_early_leaves_nothing()
    {
        Build("a", Writer());
        var list = Server.Files[0];
        File.Delete(Server[list]);

        await Server.TearUploadAsync(list);

        Assert.Equal(CacheSource.None, Build("b", Writer()).Source);
        Assert.Equal(CacheSource.Server, Build("c", Reader()).Source);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_dead_server_is_one_warning_for_all_models_and_the_builds_succeed()
    {
        var writer = Writer();
        Server.Dispose();
        var state = new RemoteCacheState(file: null);

        Assert.Equal(CacheSource.None, Build("a", writer, state, Model(seed: 1)).Source);
        Assert.Equal(CacheSource.None, Build("a", writer, state, Model(seed: 2)).Source);

        Assert.Contains("does not work: Connection refused", Assert.Single(_warnings).Message, StringComparison.Ordinal);
        Assert.True(state.IsClosed);
    }

    [Fact]
    public void A_result_of_the_cache_folder_is_uploaded_once_by_the_first_build_that_may_write()
    {
        var wrong = Settings() with { Push = true, Secret = RemoteCredentials.Of(null, CacheServer.User, "a-wrong-password").Secret };
        Assert.Equal(CacheSource.None, Build("a", wrong).Source);
        Assert.Single(_warnings);
        Assert.Equal(CacheSource.Folder, Build("a", Reader()).Source);
        Assert.Empty(Server.Files);

        Assert.Equal(CacheSource.Folder, Build("a", Writer()).Source);

        Assert.Equal(CacheSource.Server, Build("b", Reader()).Source);
        Assert.Equal(Output("a"), Output("b"));
        // The machine that has uploaded a result does not upload it again. The machine that has downloaded the result does not upload it either.
        foreach (var file in Server.Files)
            File.Delete(Server[file]);
        Assert.Equal(CacheSource.Folder, Build("a", Writer()).Source);
        Assert.Equal(CacheSource.Folder, Build("b", Writer()).Source);
        Assert.Empty(Server.Files);
        Assert.Single(_warnings);
    }

    [Fact]
    public void Twenty_builds_at_once_all_get_the_result()
    {
        var model = Model(seed: 1);
        var results = new byte[Builds][];
        var warnings = new System.Collections.Concurrent.ConcurrentQueue<CompressionException>();

        Parallel.For(
            0,
            Builds,
            new ParallelOptions { MaxDegreeOfParallelism = Builds },
            i =>
            {
                // Every second build has a cache folder of its own.
                var machine = i % 2 == 0 ? "shared" : i.ToString(CultureInfo.InvariantCulture);
                var output = _folder.File($"out{i}/small.onnx");
                using var remote = new RemoteCache(Writer(), new RemoteCacheState(file: null));
                new CompressionCache(_folder.File(machine + "/cache"), remote: remote).GetOrCompress(new CompressionRequest(model, output), warnings.Enqueue);
                results[i] = File.ReadAllBytes(output);
            }
        );

        Assert.Empty(warnings);
        Assert.All(results, result => Assert.Equal(results[0], result));
        Assert.Equal(CacheSource.Server, Build("last", Reader(), new RemoteCacheState(file: null), model).Source);
    }

    [Fact]
    public void A_result_that_is_larger_than_the_cache_folder_may_become_is_not_called_damaged()
    {
        Build("a", Writer());
        using var remote = new RemoteCache(Reader(), new RemoteCacheState(file: null));

        var result = new CompressionCache(_folder.File("b/cache"), limit: 10, remote).GetOrCompress(
            new CompressionRequest(Model(seed: 1), _folder.File("b/small.onnx")) { DisplayName = "model.onnx" },
            _warnings.Add
        );

        Assert.Equal(CacheSource.None, result.Source);
        Assert.Contains("not used: it is larger than the cache folder may become", Assert.Single(_warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_read_here_is_a_warning_of_an_upload()
    {
        Build("a", Writer());
        var entry = Assert.Single(new CacheFolder(_folder.File("a/cache")).Entries());
        var writes = new[] { "model.onnx", "receipt.json", "hashes.txt" };
        foreach (var name in writes)
        {
            File.Delete(entry.PathOf(name));
            using var remote = new RemoteCache(Writer(), new RemoteCacheState(file: null));
            remote.TryStore(new string('a', 64), entry, _warnings.Add, TestContext.Current.CancellationToken);
        }

        Assert.Equal(writes.Length, _warnings.Count);
        Assert.All(_warnings, warning => Assert.Contains("because a file cannot be read here", warning.Message, StringComparison.Ordinal));
        Assert.Single(Server.Files, file => file.StartsWith("ac", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_says_what_works()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var wrong = Settings() with { Secret = RemoteCredentials.Of("a-token", null, null).Secret };

        Assert.Equal(new RemoteCheckResult(true, true, true, null), await RemoteCheck.RunAsync(Writer(), cancellation));
        Assert.Equal(new RemoteCheckResult(true, true, false, "there is no secret in the environment"), await RemoteCheck.RunAsync(Settings(), cancellation));
        Assert.Equal(new RemoteCheckResult(true, true, false, "it answers 401 to a write"), await RemoteCheck.RunAsync(wrong, cancellation));
        Server.Dispose();
        var dead = await RemoteCheck.RunAsync(wrong, cancellation);
        Assert.Equal((false, false, false), (dead.Answers, dead.CanRead, dead.CanWrite));
    }

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected IReadOnlyList<CompressionException> Warnings => _warnings;

    private protected RemoteCacheSettings Settings() => new(Server.Address);

    private protected RemoteCacheSettings Reader() => Settings();

    private protected RemoteCacheSettings Writer() =>
        Settings() with
        {
            Push = true,
            Secret = RemoteCredentials.Of(null, CacheServer.User, CacheServer.Password).Secret,
        };

    private protected byte[] Output(string machine) => File.ReadAllBytes(_folder.File($"{machine}/small.onnx"));

    private protected string PathOf(string name) => _folder.File(name);

    private protected CachedResult Build(string machine, RemoteCacheSettings settings) =>
        Build(machine, settings, new RemoteCacheState(file: null), Model(seed: 1));

    private protected CachedResult Build(string machine, RemoteCacheSettings settings, RemoteCacheState state, string model)
    {
        using var remote = new RemoteCache(settings, state);
        var request = new CompressionRequest(model, _folder.File($"{machine}/small.onnx")) { DisplayName = "model.onnx" };
        return new CompressionCache(_folder.File($"{machine}/cache"), remote: remote).GetOrCompress(request, _warnings.Add);
    }

    private protected CachedResult Build(string machine, RemoteCacheSettings settings, CompressionRequest request)
    {
        using var remote = new RemoteCache(settings, new RemoteCacheState(file: null));
        return new CompressionCache(_folder.File($"{machine}/cache"), remote: remote).GetOrCompress(
            request with
            {
                OutputPath = _folder.File($"{machine}/small.onnx"),
            },
            _warnings.Add
        );
    }

    // The method changes the list of the only entry on the server.
    private protected void ChangeList(Func<IReadOnlyList<CacheFile>, IEnumerable<CacheFile>> change)
    {
        var list = Server[Server.Files[0]];
        File.WriteAllBytes(list, EntryList.Write([.. change(EntryList.Read(File.ReadAllBytes(list)))]));
    }

    private protected string Model(int seed) =>
        new Net()
            .Input("x", -1, 64)
            .Constant("w", [64, 64], Noise.Floats(64 * 64, seed, scale: 0.2))
            .Node("MatMul", "x w", "y")
            .Output("y")
            .Save(_folder.File($"models/{seed}.onnx"));

    // The method replaces a file of an entry and its hash in the list, as a user with write access to the server can do.
    private void Replace(string path, string name = CacheEntry.ModelName)
    {
        var replaced = Put(name, path);
        ChangeList(files => files.Select(file => file.Name == name ? replaced : file));
    }

    private CacheFile Put(string name, string path)
    {
        var hash = Compression.Files.ContentHash.Of(path);
        File.Copy(path, Server[$"cas/{hash}"]);
        return new CacheFile(name, hash, new FileInfo(path).Length);
    }
}
