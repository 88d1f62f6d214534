using System.Net;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Testing.Servers;

namespace ModelBuild.Compression.Tests.Caching.Remote;

/// <summary>
/// Tests files of this machine that change or cannot be read while they are uploaded. The fault is not one of the server, so that no request is repeated.
/// </summary>
public sealed class HttpStoreTests : IDisposable
{
    private const int Size = 1 << 20;

    private readonly SmallServer _server = new();
    private int _opened;

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(Size / 2)]
    public async Task A_file_that_cannot_be_read_is_a_fault_of_this_machine(int readable)
    {
        var fault = await Assert.ThrowsAsync<IOException>(() => PutAsync(() => new BrokenStream(readable)));

        Assert.Equal(("the disk is broken", 1), (fault.Message, _opened));
    }

    [Theory]
    [InlineData(Size - 1)]
    [InlineData(Size + 1)]
    public async Task A_file_of_another_length_is_a_fault_of_this_machine(int length)
    {
        var fault = await Assert.ThrowsAsync<IOException>(() => PutAsync(() => new MemoryStream(new byte[length])));

        Assert.Equal(("its size differs from that in its list", 1), (fault.Message, _opened));
    }

    [Fact]
    public async Task A_file_that_can_be_read_is_uploaded()
    {
        Assert.Equal(HttpStatusCode.Created, await PutAsync(() => new MemoryStream(new byte[Size])));
        Assert.Equal(1, _opened);
    }

    private async Task<HttpStatusCode> PutAsync(Func<Stream> open)
    {
        var secret = RemoteCredentials.Of(token: null, CacheServer.User, CacheServer.Password).Secret;
        using var store = new HttpStore(new RemoteCacheSettings(_server.Address) { Push = true, Secret = secret });
        return await store.PutAsync("cas/0", Size, () => Opened(open), TestContext.Current.CancellationToken);
    }

    private Stream Opened(Func<Stream> open)
    {
        _opened++;
        return open();
    }

    /// <summary>A file of which only the first bytes can be read.</summary>
    private sealed class BrokenStream(int readable) : MemoryStream(new byte[Size])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < readable
                ? base.ReadAsync(buffer[..(int)Math.Min(buffer.Length, readable - Position)], cancellationToken)
                : throw new IOException("the disk is broken");
    }
}
