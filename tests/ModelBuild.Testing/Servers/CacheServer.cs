using System.Net;
using System.Net.Sockets;
using System.Text;
using ModelBuild.Testing.Fixtures;

namespace ModelBuild.Testing.Servers;

/// <summary>A server on loopback that keeps files by HTTP GET and PUT, as a remote cache of a team does. Everyone may read, and one user may write.</summary>
public abstract class CacheServer : IDisposable
{
    /// <summary>The user who may write.</summary>
    public const string User = "builder";

    /// <summary>The password of the user.</summary>
    public const string Password = "a-secret-of-the-tests";

    private readonly TemporaryFolder _folder = new();
    private bool _isStopped;

    /// <summary>The path that addresses start with.</summary>
    protected const string Prefix = "/modelbuild";

    /// <summary>The address of the cache.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}{Prefix}/");

    /// <summary>The files that the server has, as paths below the address.</summary>
    public string[] Files =>
        Directory.Exists(Root)
            ?
            [
                .. Directory
                    .EnumerateFiles(Root, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(Root, file))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>Returns the path of a file of the server on the disk.</summary>
    public string this[string file] => Path.Combine(Root, file);

    /// <summary>The port.</summary>
    public int Port { get; protected set; }

    /// <summary>A folder for the server alone.</summary>
    protected TemporaryFolder Folder => _folder;

    /// <summary>The folder of the files.</summary>
    protected string Root => _folder.Path + "/files" + Prefix;

    /// <summary>Changes one byte of the last file whose path starts with a text.</summary>
    public void Damage(string start)
    {
        var file = this[Files.Last(name => name.StartsWith(start, StringComparison.Ordinal))];
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>Sends half of a file and closes the connection.</summary>
    /// <param name="path">The path of the file below the address.</param>
    public async Task TearUploadAsync(string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port).ConfigureAwait(false);
        var secret = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        var head = $"PUT {Prefix}/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {secret}\r\nContent-Length: 20000\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + new string('x', 10_000))).ConfigureAwait(false);
    }

    /// <summary>Ends the server. A further call has no effect.</summary>
    public void Dispose()
    {
        if (!_isStopped)
            Stop();
        _isStopped = true;
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the server.</summary>
    protected abstract void Stop();
}
