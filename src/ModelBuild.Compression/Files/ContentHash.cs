using System.Security.Cryptography;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Files;

/// <summary>Computes SHA-256 hashes of files, which are read in chunks.</summary>
internal static class ContentHash
{
    private const int BufferSize = 1 << 20;

    /// <summary>Returns the SHA-256 hash of a file in lower-case hexadecimal.</summary>
    public static string Of(string path) => Of([path]);

    /// <summary>Returns the hash of a model: that of its file, followed by its external data.</summary>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    public static string OfModel(string path, CancellationToken cancellationToken) =>
        Of([path, .. OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken).ExternalFiles]);

    /// <summary>Returns the SHA-256 hash of several files, as if they were one file, in lower-case hexadecimal.</summary>
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
