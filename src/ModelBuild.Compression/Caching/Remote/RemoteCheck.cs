using System.Net;
using System.Security.Cryptography;
using System.Text;
using ModelBuild.Compression.Caching.Entries;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>
/// Checks a remote cache: whether it answers, whether it can be read, whether this user may write, and whether a written file can be read again.
/// </summary>
internal static class RemoteCheck
{
    private const string Exposed = "its address starts with http://, and the secret would cross the network without encryption";

    /// <summary>Checks a remote cache. If there is a secret, one small file and one list are written to the server.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public static async Task<RemoteCheckResult> RunAsync(RemoteCacheSettings settings, CancellationToken cancellationToken)
    {
        // The uploaded text differs in each check, because a server may answer that it has a file before it checks the secret.
        var text = Encoding.UTF8.GetBytes($"modelbuild cache check {Path.GetRandomFileName()}\n");
        var hash = Convert.ToHexStringLower(SHA256.HashData(text));
        using var store = new HttpStore(settings);
        try
        {
            var (status, _) = await GetAsync(store, RemotePaths.List(hash), cancellationToken).ConfigureAwait(false);
            if (status != HttpStatusCode.NotFound)
                return new RemoteCheckResult(
                    true,
                    false,
                    false,
                    $"it answers {(int)status} to a read of a missing entry, and not 404" + (settings.SecretFault is { } fault ? $". {fault.TrimEnd('.')}" : "")
                );
            if (settings.ExposesSecret)
                return new RemoteCheckResult(true, true, false, Exposed);
            if (settings.Secret is null)
                return new RemoteCheckResult(true, true, false, settings.SecretFault?.TrimEnd('.') ?? "there is no secret in the environment");
            return await WriteAsync(store, text, hash, cancellationToken).ConfigureAwait(false);
        }
        catch (RemoteFailure failure)
        {
            return new RemoteCheckResult(false, false, false, failure.Message);
        }
    }

    private static async Task<RemoteCheckResult> WriteAsync(HttpStore store, byte[] text, string hash, CancellationToken cancellationToken)
    {
        var list = EntryList.Write([new CacheFile(CacheEntry.ModelName, hash, text.Length), new CacheFile(CacheEntry.ReceiptName, hash, text.Length)]);
        foreach (var (path, bytes) in new[] { (RemotePaths.File(hash), text), (RemotePaths.List(hash), list) })
        {
            var written = await store.PutAsync(path, bytes.Length, () => new MemoryStream(bytes), cancellationToken).ConfigureAwait(false);
            if (RemoteAnswers.OfWrite(written) != WriteAnswer.Taken)
                return new RemoteCheckResult(true, true, false, $"it answers {(int)written} to a write");
            var (status, read) = await GetAsync(store, path, cancellationToken).ConfigureAwait(false);
            if (status != HttpStatusCode.OK || !read.AsSpan().SequenceEqual(bytes))
                return new RemoteCheckResult(true, true, false, $"it took a file and then did not return the same bytes ({(int)status})");
        }

        return new RemoteCheckResult(true, true, true, null);
    }

    private static async Task<(HttpStatusCode Status, byte[] Bytes)> GetAsync(HttpStore store, string path, CancellationToken cancellationToken)
    {
        var memory = new MemoryStream();
        var answer = await store.GetAsync(path, 1 << 16, () => memory = new MemoryStream(), cancellationToken).ConfigureAwait(false);
        return (answer.Status, memory.ToArray());
    }
}
