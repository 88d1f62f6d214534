using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ModelBuild.Serving.Rpc;

/// <summary>Maps HTTP statuses to those of gRPC, and back.</summary>
internal static class RpcStatus
{
    public static StatusCode Of(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => StatusCode.InvalidArgument,
            StatusCodes.Status404NotFound => StatusCode.NotFound,
            StatusCodes.Status408RequestTimeout => StatusCode.DeadlineExceeded,
            StatusCodes.Status413PayloadTooLarge => StatusCode.ResourceExhausted,
            StatusCodes.Status415UnsupportedMediaType => StatusCode.Unimplemented,
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        };

    /// <summary>Returns the HTTP status that corresponds to the number of a gRPC status.</summary>
    public static int Http(string? status) =>
        int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (StatusCode)number switch
            {
                StatusCode.InvalidArgument => StatusCodes.Status400BadRequest,
                StatusCode.DeadlineExceeded => StatusCodes.Status408RequestTimeout,
                StatusCode.ResourceExhausted => StatusCodes.Status413PayloadTooLarge,
                StatusCode.Unimplemented => StatusCodes.Status415UnsupportedMediaType,
                StatusCode.Cancelled => StatusCodes.Status499ClientClosedRequest,
                StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            }
            : StatusCodes.Status500InternalServerError;
}
