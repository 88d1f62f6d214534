using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// The problem that the factors of a layer solve: min tr (Ŵ − W*) H (Ŵ − W*)ᵀ over all Ŵ that the factors can represent. Without data, W* is the layer's
/// weights and H is the identity.
/// </summary>
internal sealed class FactorTarget
{
    /// <summary>
    /// The regularization of W* towards the present weights, as a share of the inputs' mean square. The fit compensates errors of earlier layers without
    /// overfitting few samples.
    /// </summary>
    private const double Pull = 0.01;

    /// <summary>The number added to H's diagonal, as a share of its mean, for inputs that the samples hardly activate.</summary>
    private const double Damping = 0.01;

    /// <param name="outputs">N, the number of outputs.</param>
    /// <param name="inputs">K, the number of inputs.</param>
    /// <param name="weights">W* [N, K].</param>
    /// <param name="metric">H [K, K], symmetric and positive definite; null for the identity.</param>
    public FactorTarget(int outputs, int inputs, double[] weights, double[]? metric) => (Outputs, Inputs, Weights, Metric) = (outputs, inputs, weights, metric);

    /// <summary>The number N of outputs.</summary>
    public int Outputs { get; }

    /// <summary>The number K of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The weights W* [N, K] that the factors approximate.</summary>
    public double[] Weights { get; }

    /// <summary>The metric H [K, K] of the error; null for the identity.</summary>
    public double[]? Metric { get; }

    /// <summary>Returns the target for a fit to the weights alone, without data.</summary>
    public static FactorTarget Of(float[] weights, int outputs) =>
        new(outputs, weights.Length / outputs, Array.ConvertAll(weights, weight => (double)weight), metric: null);

    /// <summary>
    /// Returns the target for the inputs of a layer and the outputs that it should compute. The mean squared error is the quadratic form with W* = (C + λW)(H
    /// + λI)⁻¹, of which the best Ŵ of a lower rank is a projection (reduced-rank regression, Izenman 1975).
    /// </summary>
    /// <param name="weights">W, the present weights.</param>
    /// <param name="loss">H and C.</param>
    /// <param name="cancellationToken">Checked during the solution.</param>
    public static FactorTarget Of(float[] weights, DenseLoss loss, CancellationToken cancellationToken)
    {
        var size = loss.Inputs;
        var mean = loss.Scale;
        var solution = new double[weights.Length];
        for (var row = 0; row < weights.Length / size; row++)
        for (var column = 0; column < size; column++)
            solution[row * size + column] = loss.Cross(row)[column] + Pull * mean * weights[row * size + column];
        Cholesky.Factor(loss.Hessian, size, Pull * mean, cancellationToken).Solve(solution, cancellationToken);

        var metric = (double[])loss.Hessian.Clone();
        for (var i = 0; i < size; i++)
            metric[i * size + i] += Damping * mean;
        return new FactorTarget(weights.Length / size, size, solution, metric);
    }

    /// <summary>Returns the product X H with the metric for rows X [any, K].</summary>
    public double[] Weighted(double[] rows) => Metric is null ? rows : Products.Transposed(rows, Metric, Inputs);

    /// <summary>Returns the error of composed weights Ŵ [N, K] as a share of the error of Ŵ = 0.</summary>
    public double Loss(double[] composed)
    {
        var difference = new double[composed.Length];
        for (var i = 0; i < difference.Length; i++)
            difference[i] = composed[i] - Weights[i];
        return Products.Dot(difference, Weighted(difference)) / Math.Max(double.Epsilon, Products.Dot(Weights, Weighted(Weights)));
    }
}
