namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>The estimated memory of a training graph in bytes, without the parameters and the state of the optimizer.</summary>
/// <param name="Bytes">The memory as the graph runs.</param>
/// <param name="Undivided">The memory as one part.</param>
/// <param name="Segments">The number of segments whose gradients are computed one after another.</param>
/// <param name="Recomputed">The number of segments whose activations are computed again.</param>
internal sealed record MemoryEstimate(long Bytes, long Undivided, int Segments, int Recomputed);
