namespace ModelBuild.Compression.Counting;

/// <summary>What a model takes.</summary>
/// <param name="Parameters">
/// The elements of its weights, biases included: constant tensors of floating-point numbers that nodes compute with. What nodes share counts once; how a weight is stored makes no difference: integer codes, packed
/// or not, count as the weights that they stand for. Scales, zero points, codebooks and single numbers without axes are no parameters.
/// </param>
/// <param name="MultiplyAdds">The products that matrix multiplications, convolutions, recurrent layers and attention sum up in one call, in float or in integers alike; nothing else counts.</param>
/// <param name="Uncounted">How many nodes of these kinds are not among them, because sizes are not known before the model runs.</param>
/// <param name="Bytes">Bytes on disk, external data included.</param>
public sealed record ModelCost(long Parameters, long MultiplyAdds, int Uncounted, long Bytes);
