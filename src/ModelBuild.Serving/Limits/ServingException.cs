using Microsoft.AspNetCore.Http;

namespace ModelBuild.Serving.Limits;

/// <summary>The exception that states why a request is refused.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">The message for the caller, which is shortened to <see cref="MaxLength"/> characters.</param>
/// <param name="inner">The cause; null when there is none.</param>
internal sealed class ServingException(int status, string message, Exception? inner = null) : Exception(Short(message), inner)
{
    /// <summary>The message to the caller when the server fails for a reason that is only written to its log.</summary>
    public const string Failure = "The server failed to answer the request.";

    /// <summary>The largest number of characters of a message. It is limited because messages repeat parts of requests.</summary>
    public const int MaxLength = 1000;

    /// <summary>Gets the HTTP status of the answer.</summary>
    public int Status => status;

    /// <summary>Creates the exception for an invalid request, with the HTTP status 400.</summary>
    public static ServingException BadRequest(string message, Exception? inner = null) => new(StatusCodes.Status400BadRequest, message, inner);

    /// <summary>Creates the exception for a server that is busy, with the HTTP status 503.</summary>
    public static ServingException Busy(string message) => new(StatusCodes.Status503ServiceUnavailable, message);

    private static string Short(string message) => message.Length <= MaxLength ? message : string.Concat(message.AsSpan(0, MaxLength - 1), "…");
}
