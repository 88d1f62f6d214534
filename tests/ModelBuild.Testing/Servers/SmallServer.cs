using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelBuild.Testing.Servers;

/// <summary>A server in the process of the tests, which can also misbehave.</summary>
public sealed class SmallServer : CacheServer
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<int, TcpClient> _clients = new();
    private int _connections;

    /// <summary>Starts the server.</summary>
    public SmallServer()
    {
        Directory.CreateDirectory(Root);
        _listener.Start(backlog: 512);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>Chooses the status of a request by its method and its path; null for the usual one, and 0 for no answer at all.</summary>
    public Func<string, string, int?> Status { get; set; } = (_, _) => null;

    /// <summary>Whether each file that is read ends after its first half.</summary>
    public bool TearsDownloads { get; set; }

    /// <summary>Chooses the files whose bytes come one by one, by their paths.</summary>
    public Func<string, bool> Drips { get; set; } = _ => false;

    /// <summary>The requests, such as <c>GET ac/…</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The number of bytes of files that were received.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Whether each request had the right secret.</summary>
    public ConcurrentQueue<string> Secrets { get; } = new();

    /// <inheritdoc/>
    protected override void Stop()
    {
        _end.Cancel();
        _listener.Stop();
        foreach (var client in _clients.Values)
            client.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token).ConfigureAwait(false);
                _clients[Interlocked.Increment(ref _connections)] = client;
                _ = ServeAsync(client);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server has ended.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
                while (await ServeOneAsync(client.GetStream()).ConfigureAwait(false)) { }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client or the server has ended.
        }
    }

    private async Task<bool> ServeOneAsync(NetworkStream stream)
    {
        if (await ReadHeadAsync(stream).ConfigureAwait(false) is not { } head)
            return false;
        var lines = head.Split("\r\n");
        var words = lines[0].Split(' ');
        var headers = lines.Skip(1).Where(line => line.Contains(':')).ToDictionary(line => line.Split(':')[0], line => line[(line.IndexOf(':') + 1)..].Trim());
        var path = words[1].StartsWith(Prefix + "/", StringComparison.Ordinal) ? words[1][(Prefix.Length + 1)..] : "";
        Requests.Enqueue($"{words[0]} {path}");
        if (headers.TryGetValue("Authorization", out var secret))
            Secrets.Enqueue(secret);
        var status = Status(words[0], path);
        if (status == 0)
        {
            await Task.Delay(Timeout.Infinite, _end.Token).ConfigureAwait(false);
            return false;
        }

        return words[0] == "PUT"
            ? await PutAsync(stream, path, headers, status).ConfigureAwait(false)
            : await GetAsync(stream, path, status).ConfigureAwait(false);
    }

    private async Task<bool> GetAsync(NetworkStream stream, string path, int? status)
    {
        if (status is not null || !File.Exists(this[path]))
        {
            await AnswerAsync(stream, status ?? 404, 0).ConfigureAwait(false);
            return true;
        }

        var bytes = await File.ReadAllBytesAsync(this[path], _end.Token).ConfigureAwait(false);
        await AnswerAsync(stream, 200, bytes.Length).ConfigureAwait(false);
        var drips = Drips(path);
        for (var i = 0; drips && i < bytes.Length; i++)
        {
            await stream.WriteAsync(bytes.AsMemory(i, 1), _end.Token).ConfigureAwait(false);
            await Task.Delay(20, _end.Token).ConfigureAwait(false);
        }

        if (!drips)
            await stream.WriteAsync(bytes.AsMemory(0, TearsDownloads ? bytes.Length / 2 : bytes.Length), _end.Token).ConfigureAwait(false);
        return !TearsDownloads;
    }

    private async Task<bool> PutAsync(NetworkStream stream, string path, Dictionary<string, string> headers, int? status)
    {
        var right = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        status ??= headers.GetValueOrDefault("Authorization") == right ? null : 401;
        if (status is { } refusal)
        {
            await AnswerAsync(stream, refusal, 0).ConfigureAwait(false);
            return false;
        }

        if (headers.GetValueOrDefault("Expect") == "100-continue")
            await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _end.Token).ConfigureAwait(false);
        var bytes = new byte[long.Parse(headers["Content-Length"], CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(bytes, _end.Token).ConfigureAwait(false);
        ReceivedBytes += bytes.Length;
        var temporary = Folder.File($"temp/{Path.GetRandomFileName()}");
        await File.WriteAllBytesAsync(temporary, bytes, _end.Token).ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(this[path])!);
        File.Move(temporary, this[path], overwrite: true);
        await AnswerAsync(stream, 201, 0).ConfigureAwait(false);
        return true;
    }

    private async Task AnswerAsync(NetworkStream stream, int status, int length) =>
        await stream
            .WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} x\r\nContent-Length: {length}\r\nLocation: /elsewhere\r\n\r\n"), _end.Token)
            .ConfigureAwait(false);

    private async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _end.Token).ConfigureAwait(false) == 0)
                return null;
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
