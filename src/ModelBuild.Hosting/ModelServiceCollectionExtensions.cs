using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelBuild.Hosting;
using ModelBuild.Runtime;

#pragma warning disable IDE0130 // Extension methods for services are in this namespace by convention.
namespace Microsoft.Extensions.DependencyInjection;

#pragma warning restore IDE0130

/// <summary>Provides extension methods that add generated model classes to a service collection.</summary>
public static class ModelServiceCollectionExtensions
{
    /// <summary>
    /// Adds a model as a singleton. The model is loaded when the host starts, unless <see cref="ModelSettings.Lazy"/> is set. It is closed when the container
    /// is disposed and the calls in progress have ended.
    /// </summary>
    /// <typeparam name="TModel">The generated class.</typeparam>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Configures the settings; null for the defaults.</param>
    /// <returns>A builder that configures the model further.</returns>
#pragma warning disable RS0027 // The overloads have as many parameters and differ in the type of the last one.
    public static ModelServiceBuilder<TModel> AddModel<TModel>(this IServiceCollection services, Action<ModelSettings>? configure = null)
#pragma warning restore RS0027
        where TModel : class, IModel<TModel> => Add<TModel>(services, null, settings => settings.Configure(configure ?? (_ => { })));

    /// <summary>Adds a model as a singleton with settings from configuration.</summary>
    /// <typeparam name="TModel">The generated class.</typeparam>
    /// <param name="services">The service collection.</param>
    /// <param name="section">The configuration section with the properties of <see cref="ModelSettings"/>.</param>
    /// <returns>A builder that configures the model further.</returns>
    public static ModelServiceBuilder<TModel> AddModel<TModel>(this IServiceCollection services, IConfiguration section)
        where TModel : class, IModel<TModel> => Add<TModel>(services, null, settings => settings.Bind(section));

    /// <summary>Adds a model as a keyed singleton, for example the same class with another file, provider or number of threads.</summary>
    /// <typeparam name="TModel">The generated class.</typeparam>
    /// <param name="services">The service collection.</param>
    /// <param name="key">The key of the service.</param>
    /// <param name="configure">Configures the settings; null for the defaults.</param>
    /// <returns>A builder that configures the model further.</returns>
#pragma warning disable RS0027 // The overloads have as many parameters and differ in the type of the last one.
    public static ModelServiceBuilder<TModel> AddKeyedModel<TModel>(this IServiceCollection services, string key, Action<ModelSettings>? configure = null)
#pragma warning restore RS0027
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add<TModel>(services, key, settings => settings.Configure(configure ?? (_ => { })));
    }

    /// <summary>Adds a model as a keyed singleton with settings from configuration.</summary>
    /// <typeparam name="TModel">The generated class.</typeparam>
    /// <param name="services">The service collection.</param>
    /// <param name="key">The key of the service.</param>
    /// <param name="section">The configuration section with the properties of <see cref="ModelSettings"/>.</param>
    /// <returns>A builder that configures the model further.</returns>
    public static ModelServiceBuilder<TModel> AddKeyedModel<TModel>(this IServiceCollection services, string key, IConfiguration section)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add<TModel>(services, key, settings => settings.Bind(section));
    }

    private static ModelServiceBuilder<TModel> Add<TModel>(IServiceCollection services, string? key, Action<OptionsBuilder<ModelSettings>> configure)
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(services);
        var name = ModelServiceBuilder<TModel>.NameOf(key);
        configure(services.AddOptions<ModelSettings>(name));
        if (services.Any(service => service.ServiceType == typeof(HostSlot<TModel>) && Equals(service.ServiceKey, key)))
            return new ModelServiceBuilder<TModel>(services, key);
        // A model without a key is resolved without keyed services, because a container may not support them.
        if (key is null)
        {
            services.AddSingleton<HostSlot<TModel>>();
            services.TryAddSingleton(provider => Slot(provider).Open(Settings(provider).ToOptions()));
        }
        else
        {
            services.AddKeyedSingleton<HostSlot<TModel>>(key);
            services.TryAddKeyedSingleton(key, (provider, _) => Slot(provider).Open(Settings(provider).ToOptions()));
        }

        services.AddSingleton(provider => new HostedModel(
            key ?? typeof(TModel).Name,
            () =>
            {
                _ = ModelServiceBuilder<TModel>.Find(provider, key);
                return Slot(provider).Host;
            }
        ));
        // AddHostedService registers only one service of each type, so it is not used.
        services.AddSingleton<IHostedService>(provider => new ModelStarter<TModel>(provider, key, Settings(provider)));
        return new ModelServiceBuilder<TModel>(services, key);

        HostSlot<TModel> Slot(IServiceProvider provider) =>
            key is null ? provider.GetRequiredService<HostSlot<TModel>>() : provider.GetRequiredKeyedService<HostSlot<TModel>>(key);

        ModelSettings Settings(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<ModelSettings>>().Get(name);
    }
}
