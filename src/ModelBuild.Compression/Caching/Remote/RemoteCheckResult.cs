namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The result of a check of a remote cache.</summary>
/// <param name="Answers">Whether the server answers.</param>
/// <param name="CanRead">Whether it can be read.</param>
/// <param name="CanWrite">Whether this user may write, and what is written comes back.</param>
/// <param name="Reason">The reason for the first of these that is false, without a full stop; null if there is none.</param>
internal sealed record RemoteCheckResult(bool Answers, bool CanRead, bool CanWrite, string? Reason);
