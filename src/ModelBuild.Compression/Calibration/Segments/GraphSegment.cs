using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>Consecutive nodes of a graph that run as a separate model.</summary>
/// <param name="Nodes">The nodes in graph order.</param>
/// <param name="Inputs">The values that earlier segments or the caller supply.</param>
/// <param name="Outputs">The values that are requested or that later segments read.</param>
/// <param name="Bytes">The approximate size of the inputs and outputs of one call in bytes.</param>
internal sealed record GraphSegment(IReadOnlyList<NodeProto> Nodes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, long Bytes);
