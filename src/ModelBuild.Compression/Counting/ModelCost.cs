namespace ModelBuild.Compression.Counting;

/// <summary>The size and the work of a model: its parameters, the multiply-adds of one call, and its bytes.</summary>
/// <param name="Parameters">
/// The number of elements of the weights including biases: constant floating-point tensors that nodes compute with. A shared tensor counts once. The storage
/// of a weight makes no difference: integer codes, packed or not, count as the weights that they represent. Scales, zero points, codebooks and scalars are
/// not parameters.
/// </param>
/// <param name="MultiplyAdds">
/// The number of products that matrix multiplications, convolutions, recurrent layers and attention sum in one call, in floats or integers. Other operators
/// do not count.
/// </param>
/// <param name="Uncounted">The number of such nodes that are not counted, because their sizes are unknown before the model runs.</param>
/// <param name="Bytes">The size on disk in bytes, including external data.</param>
internal sealed record ModelCost(long Parameters, long MultiplyAdds, int Uncounted, long Bytes);
