using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>A constant whose elements are parameters.</summary>
/// <param name="Parameters">How many elements the weight has that it stands for.</param>
/// <param name="Readers">The nodes that compute with it.</param>
internal sealed record Weight(long Parameters, IReadOnlyList<NodeProto> Readers);
