namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>The options of the step <c>coordinate-descent</c>.</summary>
/// <param name="Sweeps">The largest number of passes over all codes.</param>
internal sealed record CoordinateDescentOptions(int Sweeps = 10);
