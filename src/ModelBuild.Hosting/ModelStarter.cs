using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Loads a model when the host starts, so that a missing file prevents the start instead of failing the first request.</summary>
internal sealed class ModelStarter<TModel>(IServiceProvider services, string? key, ModelSettings settings) : IHostedService
    where TModel : class, IModel<TModel>
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Lazy)
            return Task.CompletedTask;
        return Task.Run(() => key is null ? services.GetRequiredService<TModel>() : services.GetRequiredKeyedService<TModel>(key), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
