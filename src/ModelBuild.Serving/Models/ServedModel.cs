using ModelBuild.Runtime;

namespace ModelBuild.Serving.Models;

/// <summary>Represents a model that the server offers under a name and a version. The model is opened at the first use.</summary>
/// <param name="name">The name in addresses.</param>
/// <param name="version">The version in addresses.</param>
/// <param name="open">Opens the model.</param>
/// <param name="isOwned">Whether the server closes the model; the container closes the models of the services.</param>
/// <param name="batching">The options of the batcher; null for none.</param>
internal sealed class ServedModel(string name, string version, Func<ModelHost> open, bool isOwned, BatcherOptions? batching) : IAsyncDisposable
{
    /// <summary>
    /// The largest number of bytes of the buffers of a call that is kept for later use. Callers choose the sizes of their requests, so calls with larger
    /// buffers are freed.
    /// </summary>
    private const long MaxPooledBytes = 4 * 1024 * 1024;

    private readonly SemaphoreSlim _runs = new(Environment.ProcessorCount);
    private readonly object _opening = new();
    private volatile OpenModel? _model;

    public string Name => name;

    public string Version => version;

    /// <summary>Gets the contract of the model. The model is opened at the first access.</summary>
    public ModelContract Contract => Opened.Host.Contract;

    private OpenModel Opened
    {
        get
        {
            if (_model is { } model)
                return model;
            lock (_opening)
                return _model ??= Open();
        }
    }

    /// <summary>Determines whether the model is loaded or can be loaded now.</summary>
    public bool IsReady()
    {
        try
        {
            // Reading the property Provider loads the model if the model is set to be loaded at its first use.
            return Opened.Host.Provider.Length > 0;
        }
#pragma warning disable CA1031 // A model that cannot be loaded is not ready, whatever the reason is.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    /// <summary>Determines whether an exception means that a model cannot be loaded or is closed.</summary>
    public static bool IsUnusable(Exception exception) =>
        exception is ModelLoadException or IOException or NotSupportedException or ObjectDisposedException or UnauthorizedAccessException;

    public ModelCall Rent() => Opened.Host.Rent();

    /// <summary>Runs a call whose inputs are written, together with other calls if the model has a batch dimension.</summary>
    public async Task<ModelResult> RunAsync(ModelCall call, CancellationToken cancellationToken)
    {
        if (Opened.Batcher is { } batcher)
            return await batcher.RunAsync(call, result => result, cancellationToken).ConfigureAwait(false);
        try
        {
            await _runs.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            call.Abandon();
            throw;
        }

        try
        {
            return await call.RunAsync(result => result, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _runs.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_model is { } model)
        {
            if (model.Batcher is { } batcher)
                await batcher.DisposeAsync().ConfigureAwait(false);
            if (isOwned)
                model.Host.Dispose();
        }

        _runs.Dispose();
    }

    private OpenModel Open()
    {
        var host = open();
        try
        {
            if (host.Contract.Inputs.FirstOrDefault(input => input.Kind != "tensor" || InferenceType.Of(input.Type) is null) is { } other)
                throw new NotSupportedException($"The model '{name}' cannot be served: input '{other.Name}' is {other}, and the protocol has only tensors.");
            // The limit is set only for models that the server opened. Models from the service collection are also used by the application, which sets their
            // limits.
            if (isOwned)
                host.MaxPooledBytes = MaxPooledBytes;
            return new OpenModel(host, OpenBatcher(host));
        }
        catch when (isOwned)
        {
            host.Dispose();
            throw;
        }
    }

    private ModelBatcher? OpenBatcher(ModelHost host)
    {
        if (batching is null)
            return null;
        try
        {
            return host.OpenBatcher(batching);
        }
        catch (NotSupportedException)
        {
            // The model declares no batch dimension, so each request runs alone.
            return null;
        }
    }

    private sealed record OpenModel(ModelHost Host, ModelBatcher? Batcher);
}
