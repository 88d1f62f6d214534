namespace ModelBuild.Compression.Caching.Entries;

/// <summary>One file of a cache entry.</summary>
/// <param name="Name">The file name.</param>
/// <param name="Hash">Its SHA-256 in lower-case hexadecimal.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record CacheFile(string Name, string Hash, long Bytes);
