using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace ModelBuild.Runtime.Remote;

/// <summary>Sends requests about one model to its server: within a deadline, and again when the server is busy.</summary>
internal sealed class RemoteServer
{
    private const int MaxErrorLength = 64 * 1024;
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(10);

    private static readonly HttpClient Shared = new(
        new SocketsHttpHandler
        {
            UseCookies = false,
            // A connection is replaced from time to time, so that changes of addresses are noticed.
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

                if (response.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == _remote.Retries)
                    throw await RefusedAsync(request, response, deadline.Token).ConfigureAwait(false);
                await Task.Delay(Wait(attempt, response), deadline.Token).ConfigureAwait(false);
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

    /// <summary>Returns the wait before the next attempt. A part of it differs between callers, so that they do not all come back at once.</summary>
    private TimeSpan Wait(int attempt, HttpResponseMessage response)
    {
        var wait = _remote.Backoff * Math.Pow(2, attempt) * (1 + (Stopwatch.GetTimestamp() % 1000 / 2000.0));
        if (response.Headers.RetryAfter?.Delta is { } asked && asked > wait)
            wait = asked;
        return wait < MaxBackoff ? wait : MaxBackoff;
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
            // The answer has no reason of the protocol; the status says enough.
        }

        return new RemoteModelException($"The server answered {(int)response.StatusCode} to '{request.RequestUri}'{reason}", response.StatusCode);
    }
}
