using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>The model that a sweep changes, and how the sweep runs.</summary>
/// <param name="Model">The model that is changed layer by layer.</param>
/// <param name="Threads">How many calls may run at once; at least 1.</param>
/// <param name="Work">Where the sweep reports what it counts.</param>
/// <param name="CancellationToken">Ends the sweep.</param>
internal sealed record SweepContext(OnnxModel Model, int Threads, WorkLog Work, CancellationToken CancellationToken);
