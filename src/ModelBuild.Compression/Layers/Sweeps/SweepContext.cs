using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>The model that a sweep changes, and the resources of the sweep.</summary>
/// <param name="Model">The model that is changed layer by layer.</param>
/// <param name="Threads">The largest number of parallel calls; at least 1.</param>
/// <param name="Work">Receives the counts of the sweep.</param>
/// <param name="CancellationToken">Cancels the sweep.</param>
internal sealed record SweepContext(OnnxModel Model, int Threads, WorkLog Work, CancellationToken CancellationToken);
