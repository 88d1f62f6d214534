using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModelBuild.Runtime;

namespace ModelBuild.Hosting;

/// <summary>Checks that the model loads and runs once on inputs of zeros.</summary>
internal sealed class ModelHealthCheck(Func<IModel> find, IReadOnlyDictionary<string, int>? sizes) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.Run(() => Check(context), cancellationToken);

    private HealthCheckResult Check(HealthCheckContext context)
    {
        try
        {
            var model = find();
            var ran = model.WarmUp(sizes);
            var data = new Dictionary<string, object> { ["provider"] = model.Provider, ["model"] = model.Signature.Model };
            return HealthCheckResult.Healthy(ran ? "The model runs." : "The model is loaded.", data);
        }
#pragma warning disable CA1031 // The check reports any exception as the reason of the failure.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
