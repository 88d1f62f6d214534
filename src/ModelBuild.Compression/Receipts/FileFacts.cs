using ModelBuild.Compression.Counting;

namespace ModelBuild.Compression.Receipts;

/// <summary>The size of a model: bytes on disk, zipped and in memory, parameters and multiply-adds.</summary>
/// <param name="Bytes">The size on disk in bytes, including external data.</param>
/// <param name="ZippedBytes">
/// The size in bytes after deflate, as in a package or an archive. Above 4 MB it is extrapolated from samples at even distances.
/// </param>
/// <param name="MemoryBytes">
/// The size in bytes of a loaded session before it runs, computed from the graph. It includes the constants, which ONNX Runtime may have converted to
/// float32, and an estimate for the nodes.
/// </param>
/// <param name="Parameters">See <see cref="ModelCost.Parameters"/>.</param>
/// <param name="MultiplyAdds">See <see cref="ModelCost.MultiplyAdds"/>.</param>
/// <param name="Uncounted">See <see cref="ModelCost.Uncounted"/>.</param>
/// <param name="Sha256">The SHA-256 of the file followed by its external data, in lower-case hexadecimal.</param>
internal sealed record FileFacts(long Bytes, long ZippedBytes, long MemoryBytes, long Parameters, long MultiplyAdds, int Uncounted, string Sha256)
{
    /// <summary>Returns the facts with the parameters and multiply-adds of the model.</summary>
    internal FileFacts With(ModelCost cost) => this with { Parameters = cost.Parameters, MultiplyAdds = cost.MultiplyAdds, Uncounted = cost.Uncounted };
}
