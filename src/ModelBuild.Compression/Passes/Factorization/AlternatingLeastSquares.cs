using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Passes.Factorization;

/// <summary>
/// Fits both factors to the activations of the layer by turns. The weights S of the second factor solve a linear system, S = W* H Tᵀ (T H Tᵀ)⁻¹. The weights
/// of the first are improved by some steps of preconditioned conjugate gradients (Golub and Van Loan 2013, Matrix Computations, section 11.5). The error
/// never increases.
/// </summary>
internal static class AlternatingLeastSquares
{
    private const int MaxRounds = 4;
    private const int Steps = 6;

    // The iteration ends when a round reduces the error by less than this share of it.
    private const double Gain = 2e-3;

    // The limit of multiply-adds for one layer, which take about half a minute. Large layers get fewer rounds because of it.
    private const double MaxWork = 1e11;

    // The damping of Gram matrices, which may be singular, as a share of the mean of their diagonal, so that the Cholesky factorization succeeds.
    private const double Damping = 1e-9;

    /// <summary>Returns improved factors. If the metric is the identity, it returns the given factors, because they are optimal then.</summary>
    public static Factors Refine<TForm>(TForm form, FactorTarget target, Factors factors, CancellationToken cancellationToken)
        where TForm : FactorForm, IAlternating
    {
        if (target.Metric is not { } metric)
            return factors;
        var (outputs, inputs, rank) = (target.Outputs, target.Inputs, factors.Rank);
        var features = factors.Second.Length / outputs;
        var work = (double)inputs * (features * (inputs + features) + Steps * outputs * (inputs + 2.0 * features));
        var rounds = Math.Clamp((int)(MaxWork / work), 1, MaxRounds);
        var wanted = target.Weighted(target.Weights);
        var (first, second, last) = (factors.First, factors.Second, double.PositiveInfinity);
        for (var round = 0; ; round++)
        {
            var spread = form.Spread(first, rank);
            second = Products.Transposed(wanted, spread, inputs);
            Factor(Products.Transposed(target.Weighted(spread), spread, inputs), features, cancellationToken).Solve(second, cancellationToken);
            var loss = target.Loss(form.Compose(new Factors(rank, first, second)));
            if (round == rounds || loss > last * (1 - Gain))
                return new Factors(rank, first, second);
            last = loss;
            first = SolveFirst(form, target, wanted, new Factors(rank, first, second), form.Preconditioner(metric, second, rank, cancellationToken));
        }
    }

    /// <summary>Returns the Cholesky factor of a Gram matrix that may be singular.</summary>
    public static Cholesky Factor(double[] gram, int size, CancellationToken cancellationToken)
    {
        var trace = 0.0;
        for (var i = 0; i < size; i++)
            trace += gram[i * size + i];
        return Cholesky.Factor(gram, size, Damping * trace / size, cancellationToken);
    }

    // Improves the weights of the first factor, from which T is built, while the second factor S is fixed. Half the gradient of the error with respect to these
    // weights is gather(Sᵀ (S T − W*) H).
    private static double[] SolveFirst(FactorForm form, FactorTarget target, double[] wanted, Factors factors, Func<double[], double[]> precondition)
    {
        var (rank, features) = (factors.Rank, factors.Second.Length / target.Outputs);
        var turned = Matrix.Transpose<double>(factors.Second, features);
        double[] Back(double[] answers) => form.Gather(Products.Of(turned, answers, target.Outputs), rank);
        double[] Apply(double[] first) => Back(target.Weighted(form.Compose(factors with { First = first })));

        var solution = (double[])factors.First.Clone();
        var residual = Back(wanted);
        Products.AddScaled(-1, Apply(solution), residual);
        var direction = precondition(residual);
        var slope = Products.Dot(residual, direction);
        for (var step = 0; step < Steps && slope > 0; step++)
        {
            var image = Apply(direction);
            var curvature = Products.Dot(direction, image);
            if (!(curvature > 0))
                break;
            var length = slope / curvature;
            Products.AddScaled(length, direction, solution);
            Products.AddScaled(-length, image, residual);
            var next = precondition(residual);
            var nextSlope = Products.Dot(residual, next);
            Products.AddScaled(nextSlope / slope, direction, next);
            (direction, slope) = (next, nextSlope);
        }

        return solution;
    }
}
