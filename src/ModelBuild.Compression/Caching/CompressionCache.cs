using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Stores results in one folder per user, which all configurations, target frameworks, projects and concurrent builds share, and in a remote cache if there is
/// one. An entry is written to a temporary folder and renamed, so that it is complete or absent. A hash of each file detects damage.
/// </summary>
/// <param name="folder">The cache folder.</param>
/// <param name="limit">The number of bytes that the folder is kept below: the entries that were not used for the longest time are removed.</param>
/// <param name="remote">The remote cache; null for none.</param>
internal sealed class CompressionCache(string folder, long limit = CacheFolder.DefaultLimit, RemoteCache? remote = null)
{
    private readonly CacheFolder _folder = new(folder);

    /// <summary>
    /// Deploys the result of <paramref name="request"/>, from a cache if it has an entry, or by compressing. Files that are up to date are not written
    /// again, so that builds which depend on their times do not repeat work.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="warn">Receives a warning when an entry is damaged (MB1012), or when the remote cache does not work (MB1050).</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The receipt, and where the result came from.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">The model, its data or its budget has a fault.</exception>
    public CachedResult GetOrCompress(
        CompressionRequest request,
        Action<CompressionException> warn,
        IProgress<WorkLine>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(warn);
        var externalFiles = OnnxModel.Load(request.ModelPath, new OnnxLoadOptions { SkipWeights = true }, cancellationToken).ExternalFiles;
        var key = CacheKey.Of(request, externalFiles);
        var entry = _folder.Entry(key);
        if (ReadFolder(entry, request, warn, cancellationToken) is { } receipt)
        {
            // An entry that the cache folder already has is uploaded as well, because the build that created the entry may not have reached the server.
            remote?.Share(RemoteKey.Of(key, ProcessorClass.Text), entry, entry, warn, cancellationToken);
            return new CachedResult(Named(receipt, request), CacheSource.Folder);
        }

        // If the cache folder is not writable, as on some build machines, the model is compressed without caching.
        if (_folder.TryCreateTemporary() is not { } temporary)
            return new CachedResult(Compressor.Compress(request, progress, cancellationToken), CacheSource.None);
        try
        {
            return ReadServer(key, temporary, entry, request, warn, cancellationToken) is { } downloaded
                ? new CachedResult(Named(downloaded, request), CacheSource.Server)
                : new CachedResult(Make(key, temporary, entry, request, warn, progress, cancellationToken), CacheSource.None);
        }
        finally
        {
            if (temporary.Exists)
                Directory.Delete(temporary.Folder, recursive: true);
        }
    }

    // Returns the receipt of a cache entry with the names of the model and the recipe in this project. Projects with other names share the entry.
    private static Receipt Named(Receipt receipt, CompressionRequest request) =>
        receipt with
        {
            Model = request.DisplayName,
            Use = request.Use,
            Recipe = receipt.Recipe with { Asked = request.Recipe.Name },
        };

    private Receipt? ReadFolder(CacheEntry entry, CompressionRequest request, Action<CompressionException> warn, CancellationToken cancellationToken)
    {
        if (!entry.Exists)
            return null;
        if (entry.TryRead() is not { } receipt)
        {
            // An entry that does not exist any more is not damaged: another build may have removed it in the meantime.
            if (!entry.Exists)
                return null;
            warn(new CompressionException(Codes.CacheDamaged, "The cache entry of this model is damaged. The model is compressed again.", entry.Folder));
            _folder.Remove(entry);
            return null;
        }

        if (!IsVerified(entry, request, receipt, warn, cancellationToken))
        {
            _folder.Remove(entry);
            return null;
        }

        if (!TryDeploy(entry, request, cancellationToken))
            return null;
        entry.MarkUsed();
        return receipt;
    }

    // Verifies an entry of the cache folder that an earlier build downloaded without verification. Returns whether the entry can be used.
    private bool IsVerified(
        CacheEntry entry,
        CompressionRequest request,
        Receipt receipt,
        Action<CompressionException> warn,
        CancellationToken cancellationToken
    )
    {
        if (remote is not { Verifies: true } || !entry.IsUnverified)
            return true;
        if (!remote.Accepts(request, entry, receipt, warn, cancellationToken))
            return false;
        entry.MarkVerified();
        return true;
    }

    private Receipt? ReadServer(
        string key,
        CacheEntry temporary,
        CacheEntry entry,
        CompressionRequest request,
        Action<CompressionException> warn,
        CancellationToken cancellationToken
    )
    {
        if (remote is null || !remote.CanServe(request, warn))
            return null;
        if (
            remote.TryFetch(RemoteKey.Of(key, ProcessorClass.Text), temporary, limit, warn, cancellationToken) is { } receipt
            && remote.Accepts(request, temporary, receipt, warn, cancellationToken)
        )
            try
            {
                Deploy(temporary, request, cancellationToken);
                if (!remote.Verifies)
                    temporary.MarkUnverified();
                temporary.MarkDownloaded();
                Keep(temporary, entry);
                return receipt;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                remote.Refuse(exception, warn);
            }

        temporary.Empty();
        return null;
    }

    private Receipt Make(
        string key,
        CacheEntry temporary,
        CacheEntry entry,
        CompressionRequest request,
        Action<CompressionException> warn,
        IProgress<WorkLine>? progress,
        CancellationToken cancellationToken
    )
    {
        var receipt = Compressor.Compress(request with { OutputPath = temporary.ModelPath }, progress, cancellationToken);
        temporary.Seal(receipt);
        Deploy(temporary, request, cancellationToken);
        // The result is kept in the cache folder before the upload, so that a build that is cancelled during the upload does not lose the result.
        Keep(temporary, entry);
        remote?.Share(RemoteKey.Of(key, ProcessorClass.Text), temporary.Exists ? temporary : entry, entry, warn, cancellationToken);
        return receipt;
    }

    private void Keep(CacheEntry temporary, CacheEntry entry)
    {
        CacheFolder.Keep(temporary, entry);
        _folder.Prune(limit, kept: entry);
    }

    private static bool TryDeploy(CacheEntry entry, CompressionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            Deploy(entry, request, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is IOException or OnnxException && !entry.Models(request.Stages).All(File.Exists))
        {
            // The entry cannot be deployed: another build has removed it, because it was damaged or because its space was needed.
            return false;
        }
    }

    private static void Deploy(CacheEntry entry, CompressionRequest request, CancellationToken cancellationToken)
    {
        using var workspace = OutputWorkspace.Create(request.OutputPath);
        foreach (
            var (model, output) in entry
                .Models(request.Stages)
                .Zip(request.Stages > 1 ? Partition.StageFiles.Of(workspace.ModelPath, request.Stages) : [workspace.ModelPath])
        )
            if (File.Exists(model + OnnxModel.ExternalDataSuffix))
                // A model with external data is loaded and saved instead of copied. Its graph contains the name of the external data file, which depends on the
                // model's file name.
                OnnxModel.Load(model, cancellationToken: cancellationToken).Save(output, cancellationToken: cancellationToken);
            else
                OutputWorkspace.Copy(model, output);
        workspace.CommitChanges();
    }
}
