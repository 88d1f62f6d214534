namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>The rows that layers saw in one call.</summary>
/// <param name="Call">The call's number.</param>
/// <param name="Layers">For each layer and each of its groups the inputs [rows, K] and the answers [rows, N].</param>
internal sealed record CallRows(int Call, (float[] X, float[] Y)[][] Layers);
