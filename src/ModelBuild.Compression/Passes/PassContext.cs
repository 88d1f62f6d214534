using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>What a pass works with.</summary>
/// <param name="Model">The model to rewrite.</param>
/// <param name="Report">Where the pass says what it did.</param>
/// <param name="CancellationToken">Checked between nodes.</param>
internal sealed record PassContext(OnnxModel Model, PassReport Report, CancellationToken CancellationToken);
