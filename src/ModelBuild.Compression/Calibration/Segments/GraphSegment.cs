using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Segments;

/// <summary>Consecutive nodes of a graph that run as a model of their own.</summary>
/// <param name="Nodes">The nodes in graph order.</param>
/// <param name="Inputs">The values that come from segments before, or from the caller.</param>
/// <param name="Outputs">The values that somebody asked for, or that segments behind read.</param>
/// <param name="Bytes">About how many bytes inputs and outputs take in one call.</param>
internal sealed record GraphSegment(IReadOnlyList<NodeProto> Nodes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, long Bytes);
