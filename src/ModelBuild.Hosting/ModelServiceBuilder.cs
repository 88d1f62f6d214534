using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Adds what belongs to a model that was added to the services.</summary>
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

    /// <summary>The services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Adds the model's batcher as a singleton (keyed, when the model is). When the host stops it answers what waits, and ends before the model.
    /// </summary>
    /// <typeparam name="TBatcher">The generated class's <c>Batcher</c>.</typeparam>
    /// <param name="open">Opens it: <c>(model, options) => model.OpenBatcher(options)</c>.</param>
    /// <param name="options">How calls are gathered; null for the defaults.</param>
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

    /// <summary>Adds a health check that loads the model, when it is not yet, and runs it once on zeros.</summary>
    /// <param name="name">The check's name; null for the class's name, with the service's key.</param>
    /// <param name="failureStatus">What a failure is reported as; null for unhealthy.</param>
    /// <param name="tags">Tags to choose checks by, such as <c>ready</c>.</param>
    /// <param name="sizes">Sizes of open dimensions by symbol, where the model cannot run on 1.</param>
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
    /// Watches the model's file while the host runs: when it changes, the new one is loaded and takes the calls that begin from then on; those that run end on the old one.
    /// A file that cannot be loaded is logged, and the old model stays.
    /// </summary>
    public ModelServiceBuilder<TModel> ReloadOnChange()
    {
        var key = _key;
        // Not AddHostedService, which takes only one of a type.
        Services.AddSingleton<IHostedService>(provider => new ModelReloader(
            () => Find(provider, key),
            provider.GetRequiredService<IOptionsMonitor<ModelSettings>>().Get(NameOf(key)).ToOptions().Path,
            provider.GetRequiredService<ILogger<ModelReloader>>()
        ));
        return this;
    }

    /// <summary>The name of a model's options and health check.</summary>
    internal static string NameOf(string? key) => key is null ? typeof(TModel).Name : $"{typeof(TModel).Name}:{key}";

    private static TModel Find(IServiceProvider provider, string? key) =>
        key is null ? provider.GetRequiredService<TModel>() : provider.GetRequiredKeyedService<TModel>(key);
}
