using System.IO.Compression;
using System.Security.Cryptography;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Receipts;

/// <summary>Measures a model on disk in one pass over its bytes.</summary>
internal static class FileMeasure
{
    private const int BufferSize = 1 << 20;

    // Deflating hundreds of megabytes as hard as packages do would take longer than compressing the model.
    private const long FastFrom = 64_000_000;

    /// <summary>The facts of a model whose graph is <paramref name="model"/> and whose bytes are in <paramref name="files"/>, external data last.</summary>
    public static FileFacts Of(OnnxModel model, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var parameters = CountParameters(model);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var counter = new CountingStream();
        long bytes = 0;
        var buffer = new byte[BufferSize];
        var level = files.Sum(file => new FileInfo(file).Length) < FastFrom ? CompressionLevel.Optimal : CompressionLevel.Fastest;
        using (var deflate = new DeflateStream(counter, level))
            foreach (var file in files)
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
                int count;
                while ((count = stream.Read(buffer)) > 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    bytes += count;
                    hash.AppendData(buffer, 0, count);
                    deflate.Write(buffer, 0, count);
                }
            }

        return new FileFacts(bytes, counter.Length, parameters, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static long CountParameters(OnnxModel model) =>
        model.Tensors().Where(tensor => FileFacts.IsWeight((DataType)tensor.DataType)).Sum(tensor => tensor.ElementCount());
}
