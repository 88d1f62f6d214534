using System.Security.Cryptography;

namespace ModelBuild.Compression.Caching;

/// <summary>SHA-256 of files, read in pieces.</summary>
internal static class ContentHash
{
    /// <summary>The hash in lower-case hexadecimal.</summary>
    public static string Of(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 20, FileOptions.SequentialScan);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
