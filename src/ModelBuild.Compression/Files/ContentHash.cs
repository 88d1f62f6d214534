using System.Security.Cryptography;

namespace ModelBuild.Compression.Files;

/// <summary>SHA-256 of files, read in pieces.</summary>
internal static class ContentHash
{
    private const int BufferSize = 1 << 20;

    /// <summary>The hash in lower-case hexadecimal.</summary>
    public static string Of(string path) => Of([path]);

    /// <summary>The hash of files one after another, as of a single one.</summary>
    public static string Of(IReadOnlyList<string> paths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        foreach (var path in paths)
        {
            using var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                bufferSize: 0,
                FileOptions.SequentialScan
            );
            for (int count; (count = stream.Read(buffer)) > 0; )
                hash.AppendData(buffer, 0, count);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
