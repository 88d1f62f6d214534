using System.Security.Cryptography;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Receipts;

/// <summary>Measures a model on disk in one pass over its bytes, and deflates samples of them in parallel.</summary>
internal static class FileMeasure
{
    private const int BufferSize = 1 << 20;

    /// <summary>
    /// Returns the facts that follow from files, for the graph <paramref name="model"/> with the bytes in <paramref name="files"/>. External data files come
    /// last.
    /// </summary>
    public static FileFacts Of(OnnxModel model, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var zipped = Task.Run(() => ZippedSize.Of(files, cancellationToken), cancellationToken);
        var (bytes, sha256) = Hash(files, cancellationToken);
        return new FileFacts(bytes, zipped.GetAwaiter().GetResult(), LoadedSize.WithNodes(model), Parameters: 0, MultiplyAdds: 0, Uncounted: 0, sha256);
    }

    private static (long Bytes, string Sha256) Hash(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long bytes = 0;
        foreach (var file in files)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            int count;
            while ((count = stream.Read(buffer)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bytes += count;
                hash.AppendData(buffer, 0, count);
            }
        }

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
