using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelBuild.Hosting;
using ModelBuild.Serving;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Models;
using ModelBuild.Serving.Rpc;
using ModelBuild.Serving.Telemetry;

#pragma warning disable IDE0130 // Extension methods for services are in this namespace by convention.
namespace Microsoft.Extensions.DependencyInjection;

#pragma warning restore IDE0130

/// <summary>Provides the extension method that adds a server of models to a service collection.</summary>
public static class ServingServiceCollectionExtensions
{
    /// <summary>
    /// Adds the services that <c>MapModels</c> needs to serve the models that were added with <c>AddModel</c>, and ONNX files (<see
    /// cref="ModelServingOptions.AddFile"/>).
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Configures the options; null for the defaults.</param>
    /// <returns>The service collection.</returns>
    public static IServiceCollection AddModelServing(this IServiceCollection services, Action<ModelServingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ModelServingOptions>().Configure(configure ?? (_ => { }));
        services.TryAddSingleton(provider => ServedModels.Create(provider.GetServices<HostedModel>(), Options(provider)));
        services.TryAddSingleton(provider => new RequestLimits(Options(provider)));
        services.TryAddSingleton<ServingTelemetry>();
        services.AddGrpc();
        RpcEndpoints.AddOptions(services);
        return services;
    }

    private static ModelServingOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<ModelServingOptions>>().Value;
}
