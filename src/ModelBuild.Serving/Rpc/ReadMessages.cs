using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelBuild.Serving.Limits;
using ModelBuild.Serving.Telemetry;

namespace ModelBuild.Serving.Rpc;

/// <summary>
/// Records which calls have a message that the gRPC library could read. A failure of the service itself is written to the log, and has the status INTERNAL.
/// </summary>
internal sealed class ReadMessages(ILogger<InferenceService> logger) : Interceptor
{
    private static readonly object Key = new();

    /// <summary>Returns whether the gRPC library could read the message of a call.</summary>
    public static bool Contains(HttpContext context) => context.Items.ContainsKey(Key);

    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation
    )
    {
        context.GetHttpContext().Items[Key] = true;
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not (RpcException or OperationCanceledException))
        {
            ServingLog.RequestFailed(logger, null, exception);
            throw new RpcException(new Status(StatusCode.Internal, ServingException.Failure));
        }
    }
}
