using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>The options of the step <c>least-squares</c>.</summary>
/// <param name="Ridge">The regularization towards the present weights, as a share of the inputs' mean square.</param>
internal sealed record LeastSquaresOptions(double Ridge = LeastSquares.DefaultRidge);
