using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ModelBuild.Serving.Rpc;

/// <summary>Maps HTTP statuses to those of gRPC.</summary>
internal static class RpcStatus
{
    public static StatusCode Of(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => StatusCode.InvalidArgument,
            StatusCodes.Status404NotFound => StatusCode.NotFound,
            StatusCodes.Status408RequestTimeout => StatusCode.DeadlineExceeded,
            StatusCodes.Status413PayloadTooLarge => StatusCode.ResourceExhausted,
            StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };
}
