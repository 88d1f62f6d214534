using ModelBuild.Cli.Caching;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Commands;

/// <summary>Runs a recipe with the cache folder of this user's builds and a remote cache.</summary>
internal sealed class CachedRun(RemoteCacheSettings settings)
{
    private readonly List<CompressionException> _warnings = [];

    /// <summary>Writes the result of a request, from a cache if it is there, or by compressing the model.</summary>
    public Receipt Compress(CompressionRequest request, IProgress<WorkLine>? progress, CancellationToken cancellationToken)
    {
        using var remote = new RemoteCache(settings, new RemoteCacheState(file: null));
        var cache = new CompressionCache(CacheLocation.Of(folder: null), CacheLimit.OfEnvironment(), remote);
        return cache.GetOrCompress(request, _warnings.Add, progress, cancellationToken).Receipt;
    }

    /// <summary>
    /// Prints the warnings about the remote cache. They are printed after the run, because they would damage the line of the progress during it.
    /// </summary>
    /// <param name="model">The path of the model.</param>
    public void PrintWarnings(string model)
    {
        foreach (var warning in _warnings)
            Console.Error.WriteLine(Message.Warning(warning.File ?? model, warning.Code, warning.Message));
    }
}
