using System.Net;

namespace ModelBuild.Runtime;

/// <summary>The exception that is thrown when a server cannot run a model or does not answer.</summary>
public sealed class RemoteModelException : Exception
{
    /// <summary>Initializes an instance without a message.</summary>
    public RemoteModelException() { }

    /// <summary>Initializes an instance with a message.</summary>
    /// <param name="message">The message.</param>
    public RemoteModelException(string message)
        : base(message) { }

    /// <summary>Initializes an instance with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public RemoteModelException(string message, Exception? innerException)
        : base(message, innerException) { }

    internal RemoteModelException(string message, HttpStatusCode status)
        : base(message) => StatusCode = status;

    /// <summary>Gets the status that the server answered; null when there is no answer, or when the answer is not one of the protocol.</summary>
    public HttpStatusCode? StatusCode { get; }
}
