using ModelBuild.Compression.Caching.Remote;

namespace ModelBuild.Cli.Build;

/// <summary>What a command that the build starts needs beside the request.</summary>
/// <param name="Progress">The file for the progress of the model; null if the build shows none.</param>
/// <param name="RemoteCache">What the build knows about its remote cache.</param>
internal sealed record BuildRun(ProgressFile? Progress, RemoteCacheState RemoteCache);
