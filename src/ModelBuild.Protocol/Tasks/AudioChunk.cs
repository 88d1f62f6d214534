namespace ModelBuild.Protocol;

/// <summary>Represents the parts in which a model takes a stream of samples.</summary>
/// <param name="Samples">The number of new samples in each chunk.</param>
/// <param name="Context">The number of earlier samples of the stream that precede the new samples in the input.</param>
internal sealed record AudioChunk(int Samples, int Context);
