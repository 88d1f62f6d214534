namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The exception for a request to a remote cache that got no answer.</summary>
/// <param name="message">The reason, without a full stop.</param>
/// <param name="inner">The exception that caused this one.</param>
internal sealed class RemoteFailure(string message, Exception inner) : Exception(message, inner);
