using System.Globalization;
using System.Net;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>Interprets the HTTP status codes with which a remote cache answers.</summary>
internal static class RemoteAnswers
{
    /// <summary>The advice in messages about a secret for the remote cache that is missing or wrong.</summary>
    public const string SecretAdvice =
        $"Set the environment variable {RemoteCacheVariables.Token}, or {RemoteCacheVariables.User} and {RemoteCacheVariables.Password}, "
        + "of a user who may write.";

    /// <summary>
    /// Returns the outcome of a write from the status of the answer. A server answers 409 or 412 if it has the file already and does not replace files.
    /// </summary>
    public static WriteAnswer OfWrite(HttpStatusCode status) =>
        status switch
        {
            >= HttpStatusCode.OK and < HttpStatusCode.Ambiguous => WriteAnswer.Taken,
            HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => WriteAnswer.Taken,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => WriteAnswer.Forbidden,
            HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => WriteAnswer.Forbidden,
            HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.InsufficientStorage => WriteAnswer.TooLarge,
            _ => WriteAnswer.Failed,
        };

    /// <summary>Returns the text of a message about a read whose answer is neither a file nor the status for a missing file.</summary>
    /// <param name="status">The answer.</param>
    /// <param name="secretFault">A sentence that describes the fault of the secret; null if there is none.</param>
    public static string OfRead(HttpStatusCode status, string? secretFault) =>
        status is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) ? $"{Text(status)} to be read"
        : secretFault is null ? $"{Text(status)} to be read with the secret of this environment, or without one"
        : $"{Text(status)} to be read without a secret. {secretFault.TrimEnd('.')}";

    /// <summary>Returns the words with which a message names the status of an answer, such as <c>refuses (403 Forbidden)</c>.</summary>
    public static string Text(HttpStatusCode status) => string.Create(CultureInfo.InvariantCulture, $"refuses ({(int)status} {status})");
}
