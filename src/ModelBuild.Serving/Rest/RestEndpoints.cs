using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ModelBuild.Serving.Rest;

/// <summary>Maps the HTTP addresses of the protocol to their handlers.</summary>
internal static class RestEndpoints
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints)
    {
        var metadata = ActivatorUtilities.CreateInstance<MetadataHandler>(endpoints.ServiceProvider);
        var inference = ActivatorUtilities.CreateInstance<InferenceHandler>(endpoints.ServiceProvider);
        var group = endpoints.MapGroup("/v2");
        group.MapGet("/", (RequestDelegate)MetadataHandler.ServerAsync);
        group.MapGet("/health/live", (RequestDelegate)MetadataHandler.LiveAsync);
        group.MapGet("/health/ready", (RequestDelegate)metadata.ReadyAsync);
        foreach (var model in (string[])["/models/{name}", "/models/{name}/versions/{version}"])
        {
            group.MapGet(model, (RequestDelegate)metadata.ModelAsync);
            group.MapGet(model + "/ready", (RequestDelegate)metadata.ModelReadyAsync);
            group.MapPost(model + "/infer", (RequestDelegate)inference.InferAsync);
        }

        return group;
    }
}
