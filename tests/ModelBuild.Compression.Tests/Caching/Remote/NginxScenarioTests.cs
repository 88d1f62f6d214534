using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Testing.Servers;

namespace ModelBuild.Compression.Tests.Caching.Remote;

/// <summary>Tests the scenarios with nginx and the configuration of docs/scale.md.</summary>
public sealed class NginxScenarioTests : RemoteScenarios
{
    private const int LargeBytes = 200_000_000;

    private readonly NginxServer _server = new();

    protected override CacheServer Server => _server;

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_model_of_200_MB_goes_to_the_server_and_comes_back()
    {
        var receipt = Build("a", Reader()).Receipt;
        var (sent, received) = (
            new CacheEntry(Directory.CreateDirectory(PathOf("sent")).FullName),
            new CacheEntry(Directory.CreateDirectory(PathOf("got")).FullName)
        );
        using (var stream = File.Create(sent.ModelPath))
        {
            stream.SetLength(LargeBytes);
            stream.Write(Noise.Floats(1 << 20).SelectMany(BitConverter.GetBytes).ToArray());
        }

        sent.Seal(receipt);
        using var remote = new RemoteCache(Writer(), new RemoteCacheState(file: null));
        var warnings = new List<CompressionException>();
        var key = new string('a', 64);

        remote.TryStore(key, sent, warnings.Add, TestContext.Current.CancellationToken);
        var got = remote.TryFetch(key, received, CacheFolder.DefaultLimit, warnings.Add, TestContext.Current.CancellationToken);

        Assert.Empty(warnings);
        Assert.NotNull(got);
        Assert.NotNull(received.TryRead());
        Assert.Equal(sent.ReadList(), received.ReadList());
    }

    [Fact]
    public void A_file_that_is_too_large_for_the_server_is_a_warning()
    {
        using var small = new NginxServer("client_max_body_size 1k;");
        var settings = Writer() with { Address = small.Address };

        Assert.Equal(CacheSource.None, Build("a", settings).Source);

        Assert.Contains("refuses (413 RequestEntityTooLarge) the result of this model", Assert.Single(Warnings).Message, StringComparison.Ordinal);
        Assert.Empty(small.Files);
    }
}
