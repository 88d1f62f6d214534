namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>The sampled rows of inputs and targets of some layers in one call.</summary>
/// <param name="Call">The number of the call.</param>
/// <param name="Layers">For each layer and each of its groups, the inputs [rows, K] and the targets [rows, N].</param>
internal sealed record CallRows(int Call, (float[] X, float[] Y)[][] Layers);
