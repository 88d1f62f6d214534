namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Tensors that are collected in one run of the data.</summary>
/// <param name="Tensors">Their names, in graph order.</param>
/// <param name="Bytes">About how many bytes they take in one call.</param>
internal sealed record TensorGroup(IReadOnlyList<string> Tensors, long Bytes)
{
    // What calls side by side may hold in all.
    private const long MaxBytesInFlight = 256 << 20;

    /// <summary>How many of <paramref name="threads"/> calls fit into memory side by side.</summary>
    public int Parallelism(int threads) => (int)Math.Clamp(MaxBytesInFlight / Math.Max(1, Bytes), 1, threads);
}
