using System.Numerics.Tensors;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// Removes the mean error of each output channel (Nagel et al. 2019, Data-Free Quantization through Weight Equalization and Bias Correction, section 4.2): b
/// = E[y] − Ŵ E[x]. A layer without a bias does not change.
/// </summary>
internal sealed class BiasCorrection : ILayerSolver
{
    /// <inheritdoc/>
    public void Solve(LayerProblem problem, CancellationToken cancellationToken) => Apply(problem);

    /// <summary>
    /// Sets the bias of a layer so that the mean error of each output channel is zero. Solvers that leave the mean error to the bias call this at their end.
    /// </summary>
    public static void Apply(LayerProblem problem)
    {
        if (problem.Bias is null)
            return;
        var quantized = problem.Quantized();
        var bias = new float[problem.Outputs];
        for (var row = 0; row < bias.Length; row++)
            bias[row] = (float)(
                problem.Moments.TargetMean[row]
                - TensorPrimitives.Dot<double>(quantized.AsSpan(row * problem.Inputs, problem.Inputs), problem.Moments.InputMean)
            );
        problem.Bias = bias;
    }
}
