using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Optimization.Fusion;

/// <summary>A layer and the affine map after it, with a scale and a shift for each output channel: y = scale · layer + shift.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="View">A Reshape or Flatten between the layer and the map that keeps the channels last; null if there is none.</param>
/// <param name="Scale">One factor for each channel; null for 1.</param>
/// <param name="Shift">One number for each channel; null for 0.</param>
internal sealed record AffineMatch(LinearLayer Layer, NodeProto? View, double[]? Scale, double[]? Shift);
