using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Configures the services of a model that was added to a service collection.</summary>
/// <typeparam name="TModel">The generated class.</typeparam>
public sealed class ModelServiceBuilder<TModel>
    where TModel : class, IModel<TModel>
{
    private readonly string? _key;

    internal ModelServiceBuilder(IServiceCollection services, string? key)
    {
        Services = services;
        _key = key;
    }

    /// <summary>Gets the service collection to which the model was added.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds the batcher of the model as a singleton, which is keyed when the model is. When the host stops, the batcher completes the waiting calls and is
    /// disposed before the model.
    /// </summary>
    /// <typeparam name="TBatcher">The <c>Batcher</c> of the generated class.</typeparam>
    /// <param name="open">Creates the batcher: <c>(model, options) => model.OpenBatcher(options)</c>.</param>
    /// <param name="options">The options of the batcher; null for the defaults.</param>
    /// <returns>This builder.</returns>
    public ModelServiceBuilder<TModel> AddBatcher<TBatcher>(Func<TModel, BatcherOptions, TBatcher> open, BatcherOptions? options = null)
        where TBatcher : class, IAsyncDisposable
    {
        ArgumentNullException.ThrowIfNull(open);
        if (_key is null)
            Services.AddSingleton(provider => open(Find(provider, null), options ?? new BatcherOptions()));
        else
            Services.AddKeyedSingleton(_key, (provider, key) => open(Find(provider, (string?)key), options ?? new BatcherOptions()));
        return this;
    }

    /// <summary>Adds a health check that loads the model, if it is not loaded yet, and runs it once on zeros.</summary>
    /// <param name="name">The name of the check; null for the name of the class, with the key of the service if it has one.</param>
    /// <param name="failureStatus">The status that a failure is reported as; null for unhealthy.</param>
    /// <param name="tags">The tags of the check, such as <c>ready</c>.</param>
    /// <param name="sizes">The sizes of dynamic dimensions by symbol, for a model that cannot run with the size 1; null to use 1 for all.</param>
    /// <returns>This builder.</returns>
    public ModelServiceBuilder<TModel> AddHealthCheck(
        string? name = null,
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        IReadOnlyDictionary<string, int>? sizes = null
    )
    {
        Services
            .AddHealthChecks()
            .Add(new HealthCheckRegistration(name ?? NameOf(_key), provider => new ModelHealthCheck(() => Find(provider, _key), sizes), failureStatus, tags));
        return this;
    }

    /// <summary>
    /// Watches the file of the model while the host runs. When the file changes, it is loaded and used for calls that begin afterwards; calls in progress
    /// finish on the previous model. When the file cannot be loaded, the error is logged and the previous model stays in use.
    /// </summary>
    /// <returns>This builder.</returns>
    public ModelServiceBuilder<TModel> ReloadOnChange()
    {
        var key = _key;
        // AddHostedService registers only one service of each type, so it is not used.
        Services.AddSingleton<IHostedService>(provider => new ModelReloader(
            () => Find(provider, key),
            provider.GetRequiredService<IOptionsMonitor<ModelSettings>>().Get(NameOf(key)).ToOptions().Path,
            provider.GetRequiredService<ILogger<ModelReloader>>()
        ));
        return this;
    }

    /// <summary>Returns the name under which the options and the health check of a model are registered.</summary>
    internal static string NameOf(string? key) => key is null ? typeof(TModel).Name : $"{typeof(TModel).Name}:{key}";

    /// <summary>Returns the model from the service provider, by its key if it has one.</summary>
    internal static TModel Find(IServiceProvider provider, string? key) =>
        key is null ? provider.GetRequiredService<TModel>() : provider.GetRequiredKeyedService<TModel>(key);
}
