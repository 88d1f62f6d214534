using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>Reads and writes files of a server by HTTP GET and PUT, with few and short retries.</summary>
internal sealed class HttpStore : IDisposable
{
    private const int BufferSize = 1 << 17;
    private const int MaxAttempts = 3;

    // A time-out in the attempt with this number, or in a later attempt, fails the request. A time-out in the first attempt only causes a retry, because the
    // server may be busy for a moment.
    private const int MaxTimeouts = 2;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxConnect = TimeSpan.FromSeconds(5);

    private readonly HttpClient _client;
    private readonly RemoteCacheSettings _settings;
    private readonly string _root;

    public HttpStore(RemoteCacheSettings settings)
    {
        _settings = settings;
        _root = settings.Address.AbsoluteUri.TrimEnd('/');
        var connect = settings.Patience < MaxConnect ? settings.Patience : MaxConnect;
        // The client does not follow redirects, because a redirect could lead to a server that must not get the secret.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // No proxy is used for a server on this machine, because the proxy would get the secret without encryption.
            UseProxy = !settings.Address.IsLoopback,
            ConnectTimeout = connect,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Authorization = settings.SentSecret?.Header;
    }

    /// <summary>Reads a file from the server.</summary>
    /// <param name="path">The path below the address of the cache.</param>
    /// <param name="limit">The largest number of bytes to read.</param>
    /// <param name="open">Creates the stream for the bytes; it is called again for each attempt.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RemoteFailure">The server does not answer.</exception>
    public Task<Download> GetAsync(string path, long limit, Func<Stream> open, CancellationToken cancellationToken) =>
        RetryAsync(token => GetOnceAsync(path, limit, open, token), answer => answer.Status, cancellationToken);

    /// <summary>Writes a file to the server.</summary>
    /// <param name="path">The path below the address of the cache.</param>
    /// <param name="length">The number of bytes.</param>
    /// <param name="open">Opens the bytes; it is called again for each attempt.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="RemoteFailure">The server does not answer.</exception>
    /// <exception cref="IOException">The bytes cannot be read on this machine, or are not as many as <paramref name="length"/>.</exception>
    public Task<HttpStatusCode> PutAsync(string path, long length, Func<Stream> open, CancellationToken cancellationToken) =>
        RetryAsync(token => PutOnceAsync(path, length, open, token), answer => answer, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<Download> GetOnceAsync(string path, long limit, Func<Stream> open, CancellationToken cancellationToken)
    {
        using var patience = new Patience(_settings.Patience, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(path));
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
            return new Download(response.StatusCode, 0, "");
        if (response.Content.Headers.ContentLength > limit)
            return new Download(response.StatusCode, limit + 1, "");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var source = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        using var target = open();
        var buffer = new byte[BufferSize];
        var bytes = 0L;
        for (int count; bytes <= limit && (count = await ReadAsync(source, buffer, patience.Token).ConfigureAwait(false)) > 0; )
        {
            patience.Renew(count);
            bytes += count;
            hash.AppendData(buffer, 0, count);
            if (bytes <= limit)
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        return new Download(response.StatusCode, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private async Task<HttpStatusCode> PutOnceAsync(string path, long length, Func<Stream> open, CancellationToken cancellationToken)
    {
        using var patience = new Patience(_settings.Patience, cancellationToken);
        using var source = open();
        using var content = new UploadContent(source, length, patience);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Put, Address(path)) { Content = content };
        // The header Expect: 100-continue is sent, with which a server can refuse the file before the client sends the bytes.
        request.Headers.ExpectContinue = true;
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            return response.StatusCode;
        }
        catch (HttpRequestException) when (content.ReadFault is { } fault)
        {
            throw new IOException(fault.Message, fault);
        }
    }

    private static async Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> send, Func<T, HttpStatusCode> status, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await send(cancellationToken).ConfigureAwait(false);
                if (attempt == MaxAttempts || !IsTransient(status(answer)))
                    return answer;
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (attempt >= MaxTimeouts)
                    throw new RemoteFailure("the server did not answer in time", exception);
            }
            catch (HttpRequestException exception)
            {
                if (attempt == MaxAttempts || IsRefusal(exception))
                    throw new RemoteFailure(RequestFaults.Text(exception), exception);
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause *= 4;
        }
    }

    // Reads bytes of a response. An error of the connection becomes an HttpRequestException, which differs from an error of this machine's disk: a retry can
    // only help the connection.
    private static async Task<int> ReadAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection was closed before the end of a file", exception);
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || (status >= HttpStatusCode.InternalServerError && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.InsufficientStorage));

    private static bool IsRefusal(HttpRequestException exception) =>
        exception.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;

    private Uri Address(string path) => new($"{_root}/{path}");
}
