using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ModelBuild.Runtime.Remote;

/// <summary>Sends requests about one model to its server. Each request has a deadline and is repeated when the server is busy.</summary>
internal sealed class RemoteServer
{
    private const int MaxErrorLength = 64 * 1024;
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(24);

    private static readonly HttpClient Shared = new(
        new SocketsHttpHandler
        {
            UseCookies = false,
            // Redirections are not followed, because they could send inputs to another server.
            AllowAutoRedirect = false,
            // Connections are replaced regularly, so that changes of the server's IP address are noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly RemoteModel _remote;
    private readonly HttpClient _client;
    private readonly string _root;

    public RemoteServer(ModelContract contract, RemoteModel remote)
    {
        if (!remote.Address.IsAbsoluteUri || remote.Address.Scheme is not ("http" or "https"))
            throw new ArgumentException($"The address of the server of {contract.Name} is no absolute http or https address: '{remote.Address}'.");
        ArgumentOutOfRangeException.ThrowIfNegative(remote.Retries, nameof(RemoteModel.Retries));
        ArgumentOutOfRangeException.ThrowIfLessThan(remote.Backoff, TimeSpan.Zero, nameof(RemoteModel.Backoff));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(remote.Timeout, TimeSpan.Zero, nameof(RemoteModel.Timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(remote.Timeout, MaxTimeout, nameof(RemoteModel.Timeout));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(remote.MaxResponseBytes, nameof(RemoteModel.MaxResponseBytes));
        _remote = remote;
        _client = remote.Client ?? Shared;
        _root = remote.Address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/v2";
        var version = remote.Version is { } text ? "/versions/" + Uri.EscapeDataString(text) : "";
        ModelAddress = $"{_root}/models/{Uri.EscapeDataString(remote.Name ?? contract.Name[(contract.Name.LastIndexOf('.') + 1)..])}{version}";
    }

    /// <summary>Gets the address of the metadata of the server.</summary>
    public string ServerAddress => _root;

    /// <summary>Gets the address of the metadata of the model.</summary>
    public string ModelAddress { get; }

    /// <summary>Gets the largest number of bytes of the answer to a call.</summary>
    public int MaxResponseBytes => _remote.MaxResponseBytes;

    /// <summary>Sends a request until the server accepts it, and reads the answer.</summary>
    /// <param name="create">Creates the request. It is called again for each repetition.</param>
    /// <param name="read">Reads the answer of a request that succeeded.</param>
    /// <param name="cancellationToken">A token that cancels the request.</param>
    /// <exception cref="RemoteModelException">The server refuses the request, cannot be reached, or does not answer before the deadline.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task SendAsync(Func<HttpRequestMessage> create, Func<HttpResponseMessage, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_remote.Timeout);
        var start = Stopwatch.GetTimestamp();
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                using var request = create();
                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    await read(response, deadline.Token).ConfigureAwait(false);
                    return;
                }

                var (asked, backoff) = (Asked(response), Wait(attempt));
                var wait = asked > backoff ? asked : backoff;
                // The method throws at once when the server asks for a wait beyond the deadline, because a timeout would hide the status of the server.
                if (
                    response.StatusCode != HttpStatusCode.ServiceUnavailable
                    || attempt == _remote.Retries
                    || wait > _remote.Timeout - Stopwatch.GetElapsedTime(start)
                )
                    throw await RefusedAsync(request, response, deadline.Token).ConfigureAwait(false);
                await Task.Delay(wait, deadline.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException exception)
        {
            if (cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException("The run was cancelled.", exception, cancellationToken);
            throw new RemoteModelException(
                string.Create(CultureInfo.InvariantCulture, $"The server of '{ModelAddress}' did not answer within {_remote.Timeout.TotalSeconds} s."),
                new TimeoutException(exception.Message, exception)
            );
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new RemoteModelException($"The server of '{ModelAddress}' cannot be reached: {exception.Message}", exception);
        }
    }

    /// <summary>Returns the wait in the header Retry-After of a response; zero if the response has no such header.</summary>
    private static TimeSpan Asked(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } after ? TimeSpan.Zero
        : after.Delta is { } delta ? delta
        : after.Date is { } date && response.Headers.Date is { } now ? date - now
        : TimeSpan.Zero;

    /// <summary>
    /// Returns the wait before the next attempt. A part of the wait depends on the clock, so that callers do not all repeat their requests at the same time.
    /// </summary>
    private TimeSpan Wait(int attempt)
    {
        // The exponent is limited, because the number of repetitions is not.
        var factor = Math.Pow(2, Math.Min(attempt, 30)) * (1 + (Stopwatch.GetTimestamp() % 1000 / 2000.0));
        return TimeSpan.FromMilliseconds(Math.Min(_remote.Backoff.TotalMilliseconds * factor, MaxBackoff.TotalMilliseconds));
    }

    private static async Task<RemoteModelException> RefusedAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var reason = "";
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var bytes = new byte[MaxErrorLength];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            using var answer = JsonDocument.Parse(bytes.AsMemory(0, length));
            if (
                answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty(InferenceNames.Error, out var error)
                && error.ValueKind == JsonValueKind.String
            )
                reason = ": " + error.GetString();
        }
        catch (Exception exception) when (exception is JsonException or IOException or HttpRequestException or InvalidOperationException)
        {
            // The body of the response does not contain an error message of the protocol. The exception then contains only the status.
        }

        return new RemoteModelException($"The server answered {(int)response.StatusCode} to '{request.RequestUri}'{reason}", response.StatusCode);
    }
}
