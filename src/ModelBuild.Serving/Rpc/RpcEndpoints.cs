using System.Globalization;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelBuild.Serving.Limits;

namespace ModelBuild.Serving.Rpc;

/// <summary>The gRPC service of the protocol.</summary>
internal static class RpcEndpoints
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints)
    {
        var limits = endpoints.ServiceProvider.GetRequiredService<RequestLimits>();
        var service = endpoints.MapGrpcService<InferenceService>();
        service.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } next)
                endpoint.RequestDelegate = context => LimitAsync(context, next, limits);
        });
        return service;
    }

    /// <summary>Sets the largest message of the service.</summary>
    public static void AddOptions(IServiceCollection services) =>
        services
            .AddOptions<GrpcServiceOptions<InferenceService>>()
            .Configure<IOptions<ModelServingOptions>>((rpc, serving) => rpc.MaxReceiveMessageSize = serving.Value.MaxRequestBytes);

    /// <summary>Applies the limits before a message is read, because the library reads whole messages into memory.</summary>
    private static async Task LimitAsync(HttpContext context, RequestDelegate next, RequestLimits limits)
    {
        // The library refuses messages that are too large with a status of its own.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        try
        {
            limits.Enter();
        }
        catch (ServingException exception)
        {
            // An answer without a message: the status is in the headers.
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)RpcStatus.Of(exception.Status)).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = Uri.EscapeDataString(exception.Message);
            return;
        }

        var body = context.Request.Body;
        using var limited = new LimitedBody(context, limits);
        context.Request.Body = limited;
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            context.Request.Body = body;
            limits.Exit();
        }
    }
}
