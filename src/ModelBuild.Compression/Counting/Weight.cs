using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>A constant whose elements are parameters.</summary>
/// <param name="Parameters">The number of elements of the weight that the constant represents.</param>
/// <param name="Readers">The nodes that read the weight.</param>
internal sealed record Weight(long Parameters, IReadOnlyList<NodeProto> Readers);
