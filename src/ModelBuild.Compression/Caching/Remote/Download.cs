using System.Net;

namespace ModelBuild.Compression.Caching.Remote;

/// <summary>The answer of a remote cache to a request that reads a file.</summary>
/// <param name="Status">The status.</param>
/// <param name="Bytes">The number of bytes that came; more than the limit means that the rest was not read.</param>
/// <param name="Hash">Their SHA-256 in lower-case hexadecimal; empty without content.</param>
internal sealed record Download(HttpStatusCode Status, long Bytes, string Hash);
