using ModelBuild.Compression.Caching.Remote;

namespace ModelBuild.Cli.Build;

/// <summary>Represents the parameters of a command that the build starts, in addition to the request.</summary>
/// <param name="Progress">The file for the progress of the model; null if the build shows none.</param>
/// <param name="RemoteCache">Whether the remote cache works, as the processes of the build have found so far.</param>
internal sealed record BuildRun(ProgressFile? Progress, RemoteCacheState RemoteCache);
