using ModelBuild.Compression.Counting;

namespace ModelBuild.Compression.Receipts;

/// <summary>The size of a model.</summary>
/// <param name="Bytes">Bytes on disk, external data included.</param>
/// <param name="ZippedBytes">Bytes after deflate, as in a package or an archive (over 4 MB, by samples at even distances).</param>
/// <param name="MemoryBytes">
/// Bytes that a loaded session takes before it runs, computed from the graph: its constants, of which those stored narrow may be float32 again there,
/// and an estimate for its nodes.
/// </param>
/// <param name="Parameters">See <see cref="ModelCost.Parameters"/>.</param>
/// <param name="MultiplyAdds">See <see cref="ModelCost.MultiplyAdds"/>.</param>
/// <param name="Uncounted">See <see cref="ModelCost.Uncounted"/>.</param>
/// <param name="Sha256">SHA-256 of the file, and of its external data after it, in lower-case hexadecimal.</param>
public sealed record FileFacts(long Bytes, long ZippedBytes, long MemoryBytes, long Parameters, long MultiplyAdds, int Uncounted, string Sha256)
{
    /// <summary>The same file, with what was counted of its model.</summary>
    internal FileFacts With(ModelCost cost) => this with { Parameters = cost.Parameters, MultiplyAdds = cost.MultiplyAdds, Uncounted = cost.Uncounted };
}
