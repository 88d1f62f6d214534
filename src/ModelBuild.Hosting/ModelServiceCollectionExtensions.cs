using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelBuild.Hosting;
using ModelBuild.Runtime;

#pragma warning disable IDE0130 // Where everybody looks for it.
namespace Microsoft.Extensions.DependencyInjection;

#pragma warning restore IDE0130

/// <summary>Adds generated model classes to a container.</summary>
public static class ModelServiceCollectionExtensions
{
    /// <summary>
    /// Adds a model as a singleton. It is loaded when the host starts, unless its settings say <see cref="ModelSettings.Lazy"/>, and closed with the container when the
    /// calls that run then have ended.
    /// </summary>
    /// <typeparam name="TModel">The generated class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets how the model is loaded.</param>
#pragma warning disable RS0027 // The overloads have as many parameters and differ in the type of the last one.
    public static ModelServiceBuilder<TModel> AddModel<TModel>(this IServiceCollection services, Action<ModelSettings>? configure = null)
#pragma warning restore RS0027
        where TModel : class, IModel<TModel> => Add<TModel>(services, null, settings => settings.Configure(configure ?? (_ => { })));

    /// <summary>Adds a model as a singleton, with settings from configuration.</summary>
    /// <typeparam name="TModel">The generated class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="section">The section with the properties of <see cref="ModelSettings"/>.</param>
    public static ModelServiceBuilder<TModel> AddModel<TModel>(this IServiceCollection services, IConfiguration section)
        where TModel : class, IModel<TModel> => Add<TModel>(services, null, settings => settings.Bind(section));

    /// <summary>Adds a model as a keyed singleton: the same class with another file, provider or number of threads.</summary>
    /// <typeparam name="TModel">The generated class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="key">The service's key.</param>
    /// <param name="configure">Sets how the model is loaded.</param>
#pragma warning disable RS0027 // The overloads have as many parameters and differ in the type of the last one.
    public static ModelServiceBuilder<TModel> AddKeyedModel<TModel>(this IServiceCollection services, string key, Action<ModelSettings>? configure = null)
#pragma warning restore RS0027
        where TModel : class, IModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(key);
        return Add<TModel>(services, key, settings => settings.Configure(configure ?? (_ => { })));
    }

    /// <summary>Adds a model as a keyed singleton, with settings from configuration.</summary>
    /// <typeparam name="TModel">The generated class.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="key">The service's key.</param>
    /// <param name="section">The section with the properties of <see cref="ModelSettings"/>.</param>
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
        if (key is null)
            services.TryAddSingleton(provider => TModel.Open(Settings(provider).ToOptions()));
        else
            services.TryAddKeyedSingleton(key, (provider, _) => TModel.Open(Settings(provider).ToOptions()));
        // Not AddHostedService, which takes only one of a type.
        services.AddSingleton<IHostedService>(provider => new ModelStarter<TModel>(provider, key, Settings(provider)));
        return new ModelServiceBuilder<TModel>(services, key);

        ModelSettings Settings(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<ModelSettings>>().Get(name);
    }
}
