namespace ModelBuild.Protocol;

/// <summary>The parts in which a model takes a stream of samples.</summary>
/// <param name="Samples">The number of new samples in each chunk.</param>
/// <param name="Context">The number of samples of the stream before the chunk that stand in front of it.</param>
internal sealed record AudioChunk(int Samples, int Context);
