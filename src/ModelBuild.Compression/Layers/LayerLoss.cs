using System.Numerics.Tensors;

namespace ModelBuild.Compression.Layers;

/// <summary>
/// The mean squared error of a layer as a quadratic form of its weights: for each output row, E|ŵ·x + b − y|² = ŵ H ŵᵀ − 2 c ŵᵀ + E[y²]. Where there is a bias, it is
/// taken to be the best one, b = E[y] − ŵ·E[x], so that H, c and the square are those of x and y less their means.
/// </summary>
internal sealed class LayerLoss
{
    private LayerLoss(int inputs, double[] hessian, double[] cross, double[] targetSquare) =>
        (Inputs, Hessian, Cross, TargetSquare) = (inputs, hessian, cross, targetSquare);

    /// <summary>K.</summary>
    public int Inputs { get; }

    /// <summary>H [K, K]: the covariance of x, or E[x xᵀ] where there is no bias.</summary>
    public double[] Hessian { get; }

    /// <summary>c for each row [N, K].</summary>
    public double[] Cross { get; }

    /// <summary>The variance of y, or E[y²] where there is no bias, N numbers.</summary>
    public double[] TargetSquare { get; }

    /// <summary>The mean of H's diagonal: what damping is measured by.</summary>
    public double MeanSquare
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Inputs; i++)
                sum += Hessian[i * Inputs + i];
            return sum / Inputs;
        }
    }

    /// <summary>The quadratic form of a layer.</summary>
    /// <param name="moments">What it sees and should answer.</param>
    /// <param name="hasBias">Whether it has a bias, which then is the best one.</param>
    public static LayerLoss Of(LayerMoments moments, bool hasBias) =>
        Over(hasBias ? moments with { Gram = [.. moments.Gram], Cross = [.. moments.Cross] } : moments, hasBias);

    /// <summary>As <see cref="Of"/>, in the memory of the sums of products, which are lost: they may be as large as all weights.</summary>
    public static LayerLoss Over(LayerMoments moments, bool hasBias)
    {
        if (!hasBias)
            return new LayerLoss(moments.Inputs, moments.Gram, moments.Cross, moments.TargetSquare);

        var variance = new double[moments.Outputs];
        for (var i = 0; i < variance.Length; i++)
            variance[i] = Math.Max(0, moments.TargetSquare[i] - moments.TargetMean[i] * moments.TargetMean[i]);
        Centre(moments.Gram, moments.InputMean, moments.InputMean);
        Centre(moments.Cross, moments.TargetMean, moments.InputMean);
        return new LayerLoss(moments.Inputs, moments.Gram, moments.Cross, variance);
    }

    /// <summary>E‖Ŵx + b − y‖² of a problem as it stands, with its own bias.</summary>
    public static double Total(LayerProblem problem)
    {
        var loss = problem.Loss;
        var quantized = problem.Quantized();
        var total = 0.0;
        for (var row = 0; row < problem.Outputs; row++)
        {
            var weights = quantized.AsSpan(row * problem.Inputs, problem.Inputs);
            total += loss.Row(row, weights);
            if (problem.Bias is { } bias)
            {
                var shift = TensorPrimitives.Dot<double>(weights, problem.Moments.InputMean) + bias[row] - problem.Moments.TargetMean[row];
                total += shift * shift;
            }
        }

        return total;
    }

    /// <summary>The mean squared error of one output row with the weights ŵ.</summary>
    public double Row(int row, ReadOnlySpan<double> weights)
    {
        // H is symmetric: its lower triangle twice, the diagonal once.
        var error = TargetSquare[row];
        for (var i = 0; i < Inputs; i++)
        {
            var below = TensorPrimitives.Dot(Hessian.AsSpan(i * Inputs, i), weights[..i]);
            error += weights[i] * (2 * (below - Cross[row * Inputs + i]) + Hessian[i * Inputs + i] * weights[i]);
        }

        return Math.Max(0, error);
    }

    private static void Centre(double[] products, double[] left, double[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var row = products.AsSpan(i * right.Length, right.Length);
            TensorPrimitives.MultiplyAdd(right, -left[i], row, row);
        }
    }
}
