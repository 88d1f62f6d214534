using System.Net;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>
/// Shares the results of a team on a server, in the layout of Bazel's HTTP cache: <c>ac/KEY</c> is the list of an entry's files, and <c>cas/SHA-256</c> is a
/// file. Any failure causes one warning, and the model is compressed on this machine.
/// </summary>
internal sealed class RemoteCache(RemoteCacheSettings settings, RemoteCacheState state) : IDisposable
{
    private const int MaxListBytes = 1 << 20;
    private const string Rest = "The models of this build are compressed here.";
    private const string RestOfModel = "The model is compressed here.";

    private readonly HttpStore _store = new(settings);

    /// <summary>Gets whether results of the server are verified before they are used.</summary>
    public bool Verifies => settings.Verify;

    /// <summary>
    /// Returns whether a result from the server can be used for a request. It cannot be used if results must be verified and the result of the request cannot
    /// be verified.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="warn">Receives a warning if it cannot be used.</param>
    public bool CanServe(CompressionRequest request, Action<CompressionException> warn)
    {
        if (state.IsClosed)
            return false;
        if (!settings.Verify || EntryVerification.WhyNot(request) is not { } reason)
            return true;
        Warn(warn, $"is not asked for this model: {reason}. {RestOfModel}");
        return false;
    }

    /// <summary>Warns that a result of the server is not used because of an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="warn">Receives the warning.</param>
    public void Refuse(Exception exception, Action<CompressionException> warn) =>
        Warn(
            warn,
            exception switch
            {
                OnnxException damaged => $"has a damaged entry for this model: {damaged.Reason.TrimEnd('.')}. {RestOfModel}",
                InvalidDataException damaged => $"has a damaged entry for this model: {damaged.Message.TrimEnd('.')}. {RestOfModel}",
                IOException or UnauthorizedAccessException =>
                    $"has this model, but it could not be stored here: {exception.Message.TrimEnd('.')}. {RestOfModel}",
                // The message names only the type of any other exception, because the exception's text may contain a secret.
                _ => $"has a result for this model that cannot be used ({exception.GetType().Name}). {RestOfModel}",
            }
        );

    /// <summary>Downloads the entry of a key from the server.</summary>
    /// <param name="key">The key.</param>
    /// <param name="target">The empty folder for the files.</param>
    /// <param name="limit">The largest size of the entry.</param>
    /// <param name="warn">Receives a warning if the server does not work.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    /// <returns>The receipt; null if the server does not have the entry.</returns>
    public Receipt? TryFetch(string key, CacheEntry target, long limit, Action<CompressionException> warn, CancellationToken cancellationToken)
    {
        if (state.IsClosed)
            return null;
        try
        {
            return FetchAsync(key, target, limit, warn, cancellationToken).GetAwaiter().GetResult();
        }
        catch (RemoteFailure failure)
        {
            Close(warn, $"does not work: {failure.Message}");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Refuse(exception, warn);
        }

        return null;
    }

    /// <summary>Loads the models of a downloaded entry without their weights, and verifies the entry if the settings ask for that.</summary>
    /// <returns>Whether the entry can be used.</returns>
    public bool Accepts(CompressionRequest request, CacheEntry entry, Receipt receipt, Action<CompressionException> warn, CancellationToken cancellationToken)
    {
        try
        {
            // Each model of the entry is loaded as a check. A model whose external data is missing causes an exception.
            foreach (var model in entry.Models(request.Stages))
                OnnxModel.Load(model, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
            if (!settings.Verify || EntryVerification.Fault(request, entry.ModelPath, IsPrecise(receipt), cancellationToken) is not { } fault)
                return true;
            Warn(warn, $"has a result for this model that is not used: {fault}. {RestOfModel}");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Refuse(exception, warn);
        }

        return false;
    }

    /// <summary>Uploads an entry of this machine, unless the server has it, and records in the cache folder that the server has it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="kept">The entry in the cache folder, which may not exist.</param>
    /// <param name="warn">Receives a warning if the server does not take it.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    public void Share(string key, CacheEntry entry, CacheEntry kept, Action<CompressionException> warn, CancellationToken cancellationToken)
    {
        if (settings.Push && !entry.IsSharedWith(settings.Address) && TryStore(key, entry, warn, cancellationToken))
            kept.MarkShared(settings.Address);
    }

    /// <summary>Uploads an entry, the files first and the list last, so that the server has all files of a list.</summary>
    /// <param name="key">The key.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="warn">Receives a warning if the server does not take it.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    /// <returns>Whether the server has all of it.</returns>
    public bool TryStore(string key, CacheEntry entry, Action<CompressionException> warn, CancellationToken cancellationToken)
    {
        if (!MayWrite(warn))
            return false;
        try
        {
            return StoreAsync(key, entry, warn, cancellationToken).GetAwaiter().GetResult();
        }
        catch (RemoteFailure failure)
        {
            Close(warn, $"does not work: {failure.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // The entry is not uploaded, because a file of it cannot be read. Another build may have removed the entry to make space.
            Warn(warn, $"does not get the result of this model, because a file cannot be read here: {exception.Message.TrimEnd('.')}.");
        }

        return false;
    }

    public void Dispose() => _store.Dispose();

    private static bool IsPrecise(Receipt receipt) => receipt.Recipe.Steps.All(step => StepCatalog.Find(step.Split('(')[0]) is { IsPrecise: true });

    private async Task<Receipt?> FetchAsync(string key, CacheEntry target, long limit, Action<CompressionException> warn, CancellationToken cancellationToken)
    {
        var list = new MemoryStream();
        var answer = await _store.GetAsync(RemotePaths.List(key), MaxListBytes, () => list = new MemoryStream(), cancellationToken).ConfigureAwait(false);
        if (!IsThere(answer.Status, warn))
            return null;
        if (answer.Bytes > MaxListBytes)
            throw new InvalidDataException("its list is too long");
        var files = EntryList.Read(list.ToArray());
        if (files.Sum(file => (decimal)file.Bytes) > limit)
        {
            Warn(warn, $"has a result for this model that is not used: it is larger than the cache folder may become. {RestOfModel}");
            return null;
        }

        foreach (var file in files)
            if (!await FetchAsync(file, target, warn, cancellationToken).ConfigureAwait(false))
                return null;
        target.WriteList(files);
        return target.ReadReceipt() ?? throw new InvalidDataException("its receipt cannot be read");
    }

    private async Task<bool> FetchAsync(CacheFile file, CacheEntry target, Action<CompressionException> warn, CancellationToken cancellationToken)
    {
        var path = target.PathOf(file.Name);
        var partial = path + ".part";
        var answer = await _store.GetAsync(RemotePaths.File(file.Hash), file.Bytes, () => File.Create(partial), cancellationToken).ConfigureAwait(false);
        if (!IsThere(answer.Status, warn))
            return false;
        if (answer.Bytes != file.Bytes || answer.Hash != file.Hash)
            throw new InvalidDataException($"'{file.Name}' does not have the {(answer.Bytes == file.Bytes ? "hash" : "size")} of its list");
        File.Move(partial, path);
        return true;
    }

    private async Task<bool> StoreAsync(string key, CacheEntry entry, Action<CompressionException> warn, CancellationToken cancellationToken)
    {
        var files = entry.ReadList();
        foreach (var file in files)
        {
            var status = await _store
                .PutAsync(RemotePaths.File(file.Hash), file.Bytes, () => File.OpenRead(entry.PathOf(file.Name)), cancellationToken)
                .ConfigureAwait(false);
            if (!IsTaken(status, warn))
                return false;
        }

        var list = EntryList.Write(files);
        return IsTaken(await _store.PutAsync(RemotePaths.List(key), list.Length, () => new MemoryStream(list), cancellationToken).ConfigureAwait(false), warn);
    }

    private bool IsThere(HttpStatusCode status, Action<CompressionException> warn)
    {
        if (status is not (HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Gone))
            Close(warn, RemoteAnswers.OfRead(status, settings.SecretFault));
        return status == HttpStatusCode.OK;
    }

    private bool IsTaken(HttpStatusCode status, Action<CompressionException> warn)
    {
        switch (RemoteAnswers.OfWrite(status))
        {
            case WriteAnswer.Taken:
                return true;
            case WriteAnswer.Forbidden:
                state.StopWriting();
                Warn(warn, $"{RemoteAnswers.Text(status)} a write, so this build writes nothing to it. {RemoteAnswers.SecretAdvice}");
                break;
            case WriteAnswer.TooLarge:
                Warn(warn, $"{RemoteAnswers.Text(status)} the result of this model, because it is too large. It is not shared.");
                break;
            default:
                Close(warn, $"{RemoteAnswers.Text(status)} a write");
                break;
        }

        return false;
    }

    private bool MayWrite(Action<CompressionException> warn)
    {
        if (state.IsReadOnly)
            return false;
        if (settings.SentSecret is not null)
            return true;
        state.StopWriting();
        Warn(
            warn,
            "gets no results of this build. "
                + (
                    settings.ExposesSecret
                        ? "Its address starts with http://, and the secret of the environment would cross the network without encryption. Use https://."
                        : $"{settings.SecretFault ?? "There is no secret."} {RemoteAnswers.SecretAdvice}"
                )
        );
        return false;
    }

    private void Close(Action<CompressionException> warn, string what)
    {
        state.Close();
        Warn(warn, $"{what}. This build does not ask it again. {Rest}");
    }

    private void Warn(Action<CompressionException> warn, string what) =>
        warn(new CompressionException(Codes.RemoteCache, $"The remote cache '{settings.Address}' {what}"));
}
