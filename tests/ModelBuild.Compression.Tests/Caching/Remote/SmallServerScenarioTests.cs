using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Testing.Servers;

namespace ModelBuild.Compression.Tests.Caching.Remote;

/// <summary>Tests the scenarios with a server in this process, and behaviour of servers that nginx does not have.</summary>
public sealed class SmallServerScenarioTests : RemoteScenarios
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private readonly SmallServer _server = new();

    protected override CacheServer Server => _server;

    [Fact]
    public void Files_are_written_before_their_list_and_the_secret_is_sent_as_basic()
    {
        Build("a", Writer());

        Assert.Equal(["GET ac", "PUT cas", "PUT cas", "PUT ac"], _server.Requests.Select(request => request[..request.IndexOf('/', StringComparison.Ordinal)]));
        Assert.All(_server.Secrets, secret => Assert.StartsWith("Basic ", secret, StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_is_sent_as_bearer()
    {
        Build("a", Reader() with { Secret = RemoteCredentials.Of("a-token", "user", "password").Secret });

        Assert.Equal("Bearer a-token", Assert.Single(_server.Secrets));
    }

    [Fact]
    public void A_refused_file_is_not_sent()
    {
        _server.Status = (method, _) => method == "PUT" ? 403 : null;

        Build("a", Writer());

        Assert.Equal(0, _server.ReceivedBytes);
        Assert.Single(Warnings);
    }

    [Theory]
    [InlineData(409)]
    [InlineData(412)]
    public void A_server_that_has_a_file_already_is_no_warning(int status)
    {
        Build("a", Writer());
        File.Delete(Server[Server.Files[0]]);
        _server.Status = (method, path) => method == "PUT" && path.StartsWith("cas", StringComparison.Ordinal) ? status : null;

        Build("b", Writer());

        Assert.Equal(CacheSource.Server, Build("c", Reader()).Source);
        Assert.Empty(Warnings);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(405, "writes nothing to it")]
    [InlineData(501, "writes nothing to it")]
    [InlineData(507, "because it is too large. It is not shared.")]
    [InlineData(500, "refuses (500 InternalServerError) a write. This build does not ask it again.")]
    public void A_write_that_the_server_refuses_is_one_warning(int status, string expected)
    {
        _server.Status = (method, _) => method == "PUT" ? status : null;

        Assert.Equal(CacheSource.None, Build("a", Writer()).Source);

        Assert.Contains(expected, Assert.Single(Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(401, "refuses (401 Unauthorized) to be read with the secret")]
    [InlineData(403, "refuses (403 Forbidden) to be read with the secret")]
    [InlineData(503, "refuses (503 ServiceUnavailable) to be read. This build does not ask it again.")]
    [InlineData(302, "refuses (302 Found) to be read")]
    public void A_server_that_cannot_be_read_is_asked_for_one_model_only(int status, string expected)
    {
        _server.Status = (_, _) => status;
        var state = new RemoteCacheState(file: null);
        Build("a", Writer(), state, Model(seed: 1));
        var requests = _server.Requests.Count;
        Build("a", Writer(), state, Model(seed: 2));

        Assert.Contains(expected, Assert.Single(Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(requests, _server.Requests.Count);
        Assert.Equal(status == 503 ? 3 : 1, requests);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_server_that_fails_for_a_moment_is_asked_again()
    {
        Build("a", Writer());
        var failures = 2;
        _server.Status = (_, _) => failures-- > 0 ? 503 : null;

        Assert.Equal(CacheSource.Server, Build("b", Reader()).Source);
        Assert.Empty(Warnings);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_one_warning()
    {
        _server.Status = (_, _) => 0;
        var state = new RemoteCacheState(file: null);
        var settings = Writer() with { Patience = Short };

        Build("a", settings, state, Model(seed: 1));
        Build("a", settings, state, Model(seed: 2));

        Assert.Contains("does not work: the server did not answer in time", Assert.Single(Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_sends_a_byte_now_and_then_is_one_warning()
    {
        Build("a", Writer());
        _server.Drips = _ => true;

        Assert.Equal(CacheSource.None, Build("b", Reader() with { Patience = Short }).Source);

        Assert.Contains("does not work: the server did not answer in time", Assert.Single(Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(Output("a"), Output("b"));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_server_that_claims_a_large_file_and_sends_it_slowly_is_one_warning()
    {
        Build("a", Writer());
        ChangeList(files => files.Select(file => file.Name == CacheEntry.ModelName ? file with { Bytes = 9_000_000_000 } : file));
        _server.Drips = path => path.StartsWith("cas", StringComparison.Ordinal);

        Assert.Equal(CacheSource.None, Build("b", Reader() with { Patience = Short }).Source);

        Assert.Contains("does not work: the server did not answer in time", Assert.Single(Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(Output("a"), Output("b"));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_download_that_ends_early_is_one_warning()
    {
        Build("a", Writer());
        _server.TearsDownloads = true;

        Assert.Equal(CacheSource.None, Build("b", Reader()).Source);

        Assert.Contains("does not work: ", Assert.Single(Warnings).Message, StringComparison.Ordinal);
        Assert.Equal(Output("a"), Output("b"));
    }

    [Fact]
    public void A_secret_does_not_cross_a_network_without_encryption()
    {
        var settings = Writer() with { Address = new Uri("http://cache.example.com/modelbuild") };
        var state = new RemoteCacheState(file: null);
        using var remote = new RemoteCache(settings, state);
        var warnings = new List<CompressionException>();

        // Neither of the two calls sends a request.
        remote.TryStore(new string('a', 64), new CacheEntry(PathOf("entry")), warnings.Add, TestContext.Current.CancellationToken);
        remote.TryStore(new string('b', 64), new CacheEntry(PathOf("entry")), warnings.Add, TestContext.Current.CancellationToken);

        Assert.EndsWith("would cross the network without encryption. Use https://.", Assert.Single(warnings).Message, StringComparison.Ordinal);
        Assert.Equal((true, false), (state.IsReadOnly, state.IsClosed));
        Assert.Null(settings.SentSecret);
        Assert.NotNull((settings with { Address = new Uri("https://cache.example.com") }).SentSecret);
        Assert.NotNull(Writer().SentSecret);
    }

    [Fact]
    public void A_secret_that_cannot_be_sent_is_named_where_a_read_is_refused()
    {
        _server.Status = (_, _) => 401;

        Build("a", Reader() with { SecretFault = "The token is wrong." });

        Assert.Contains("to be read without a secret. The token is wrong. This build", Assert.Single(Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_is_kept_here_is_written_to_the_server_after_that()
    {
        var kept = false;
        _server.Status = (method, _) =>
        {
            kept |=
                method == "PUT" && Directory.EnumerateFiles(PathOf("a/cache"), "hashes.txt", SearchOption.AllDirectories).Any(file => !file.Contains(".tmp-"));
            return null;
        };

        Build("a", Writer());

        Assert.True(kept);
        Assert.Equal(3, _server.Files.Length);
    }

    [Fact]
    public void Projects_of_one_build_share_what_they_know()
    {
        var file = PathOf("state");
        _server.Status = (method, _) => method == "PUT" ? 403 : null;
        Build("a", Writer(), new RemoteCacheState(file), Model(seed: 1));
        Build("b", Writer(), new RemoteCacheState(file), Model(seed: 2));
        Assert.Equal("GET PUT GET", string.Join(' ', _server.Requests.Select(request => request[..3])));

        _server.Status = (_, _) => 403;
        Build("c", Writer(), new RemoteCacheState(file), Model(seed: 3));
        Build("d", Writer(), new RemoteCacheState(file), Model(seed: 4));

        Assert.Equal(4, _server.Requests.Count);
        Assert.Equal(2, Warnings.Count);
    }
}
