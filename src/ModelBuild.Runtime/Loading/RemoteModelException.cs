using System.Net;

namespace ModelBuild.Runtime;

/// <summary>The exception that is thrown when a server cannot run a model or does not answer.</summary>
public sealed class RemoteModelException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="RemoteModelException"/> class without a message.</summary>
    public RemoteModelException() { }

    /// <summary>Initializes a new instance of the <see cref="RemoteModelException"/> class with a message.</summary>
    /// <param name="message">The message.</param>
    public RemoteModelException(string message)
        : base(message) { }

    /// <summary>Initializes a new instance of the <see cref="RemoteModelException"/> class with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; null when there is none.</param>
    public RemoteModelException(string message, Exception? innerException)
        : base(message, innerException) { }

    internal RemoteModelException(string message, HttpStatusCode status)
        : base(message) => StatusCode = status;

    /// <summary>Gets the HTTP status of the server's answer; null when there is no answer, or when the answer is not one of the protocol.</summary>
    public HttpStatusCode? StatusCode { get; }
}
