using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Serving;
using ModelBuild.Serving.Models;
using ModelBuild.Serving.Rest;
using ModelBuild.Serving.Rpc;

#pragma warning disable IDE0130 // Extension methods for endpoints are in this namespace by convention.
namespace Microsoft.AspNetCore.Builder;

#pragma warning restore IDE0130

/// <summary>Provides the extension method that maps the endpoints of a server of models.</summary>
public static class ServingEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the Open Inference Protocol (KServe v2): the addresses below <c>/v2</c>, and the gRPC service <c>inference.GRPCInferenceService</c>. They have no
    /// authentication of their own; <c>RequireAuthorization</c> on the result adds one.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>A builder that configures all these endpoints.</returns>
    /// <exception cref="InvalidOperationException"><c>AddModelServing</c> was not called, or two models have the same name and version.</exception>
    public static IEndpointConventionBuilder MapModels(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<ServedModels>() is null)
            throw new InvalidOperationException("Call builder.Services.AddModelServing() before the application is built.");
        return new ServingEndpoints([RestEndpoints.Map(endpoints), RpcEndpoints.Map(endpoints)]);
    }
}
