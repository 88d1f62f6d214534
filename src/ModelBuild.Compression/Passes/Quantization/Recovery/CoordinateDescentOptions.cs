namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Options of <c>coordinate-descent</c>.</summary>
/// <param name="Sweeps">How often all codes are gone through at most.</param>
internal sealed record CoordinateDescentOptions(int Sweeps = 10);
