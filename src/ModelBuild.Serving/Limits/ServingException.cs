using Microsoft.AspNetCore.Http;

namespace ModelBuild.Serving.Limits;

/// <summary>The reason why a request is refused.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">The message for the caller.</param>
/// <param name="inner">The cause; null when there is none.</param>
internal sealed class ServingException(int status, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Gets the HTTP status.</summary>
    public int Status => status;

    /// <summary>Creates the exception for a request that is wrong.</summary>
    public static ServingException BadRequest(string message, Exception? inner = null) => new(StatusCodes.Status400BadRequest, message, inner);

    /// <summary>Creates the exception for a server that is busy.</summary>
    public static ServingException Busy(string message) => new(StatusCodes.Status503ServiceUnavailable, message);
}
