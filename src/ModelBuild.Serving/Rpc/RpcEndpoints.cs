using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Telemetry;

namespace ModelBuild.Serving.Rpc;

/// <summary>Maps the gRPC service of the protocol, and applies the limits of the server to its calls.</summary>
internal static class RpcEndpoints
{
    private const string StatusHeader = "grpc-status";
    private const string Inference = "/" + nameof(GRPCInferenceService.GRPCInferenceServiceBase.ModelInfer);

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints)
    {
        var limits = endpoints.ServiceProvider.GetRequiredService<RequestLimits>();
        var telemetry = endpoints.ServiceProvider.GetRequiredService<ServingTelemetry>();
        var service = endpoints.MapGrpcService<InferenceService>();
        service.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is not { } next)
                return;
            if (endpoint is RouteEndpointBuilder route && route.RoutePattern.RawText?.EndsWith(Inference, StringComparison.Ordinal) == true)
                endpoint.RequestDelegate = context => InferAsync(context, next, limits, telemetry);
            else
                endpoint.RequestDelegate = context => CallAsync(context, next, limits, isInference: false);
        });
        return service;
    }

    /// <summary>Sets the largest number of bytes of a message of the gRPC service.</summary>
    public static void AddOptions(IServiceCollection services) =>
        services
            .AddOptions<GrpcServiceOptions<InferenceService>>()
            .Configure<IOptions<ModelServingOptions>>(
                (rpc, serving) =>
                {
                    rpc.MaxReceiveMessageSize = serving.Value.MaxRequestBytes;
                    rpc.Interceptors.Add<ReadMessages>();
                }
            );

    /// <summary>
    /// Applies the limits of the server to an inference call before its message is read, because the gRPC library reads whole messages into memory.
    /// </summary>
    private static async Task InferAsync(HttpContext context, RequestDelegate next, RequestLimits limits, ServingTelemetry telemetry)
    {
        try
        {
            limits.Enter();
            try
            {
                await CallAsync(context, next, limits, isInference: true).ConfigureAwait(false);
            }
            finally
            {
                limits.Exit();
            }
        }
        catch (ServingException exception)
        {
            Refuse(context, RpcStatus.Of(exception.Status), exception.Message);
        }
        finally
        {
            if (!context.Items.ContainsKey(InferenceService.Counted))
            {
                telemetry.Begin(InferenceService.Protocol);
                telemetry.End(InferenceService.Protocol, null, RpcStatus.Http(context.Response.Headers[StatusHeader]));
            }
        }
    }

    private static async Task CallAsync(HttpContext context, RequestDelegate next, RequestLimits limits, bool isInference)
    {
        // Compressed messages are refused, because the gRPC library would decompress them without a limit in proportion to the bytes that arrive.
        if (context.Request.Headers["grpc-encoding"].Any(encoding => encoding is not (null or "" or "identity")))
        {
            Refuse(context, StatusCode.Unimplemented, "The message is compressed, which the server does not support.");
            return;
        }

        // The limit of ASP.NET Core on the body is removed, because the gRPC library itself refuses messages that are too large, with a status of gRPC.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        var body = context.Request.Body;
        using var limited = new LimitedBody(context, limits, isInference);
        context.Request.Body = limited;
        try
        {
            await next(context).ConfigureAwait(false);
            RefuseMalformed(context);
        }
        finally
        {
            context.Request.Body = body;
        }
    }

    /// <summary>
    /// Replaces the status of a call whose message the gRPC library could not read by the status of an invalid request, because the library reports a failure
    /// of the server in this case.
    /// </summary>
    private static void RefuseMalformed(HttpContext context)
    {
        if (context.Response.HasStarted || ReadMessages.Contains(context))
            return;
        var status = context.Response.Headers[StatusHeader].ToString();
        if (status == Number(StatusCode.Unknown))
            Refuse(context, StatusCode.InvalidArgument, "The message is not one of the protocol.");
        else if (status == Number(StatusCode.Internal))
            context.Response.Headers[StatusHeader] = Number(StatusCode.InvalidArgument);
    }

    private static string Number(StatusCode status) => ((int)status).ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes an answer that has no message, only a status in the headers.</summary>
    private static void Refuse(HttpContext context, StatusCode status, string message)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers[StatusHeader] = Number(status);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
    }
}
