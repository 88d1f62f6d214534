using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Layers;

/// <summary>
/// The mean squared error of a layer as a quadratic form of its weights: for each output row, E|ŵ·x + b − y|² = ŵ H ŵᵀ − 2 c ŵᵀ + E[y²]. Where there is a bias, it is
/// taken to be the best one, b = E[y] − ŵ·E[x], so that H, c and the square are those of x and y less their means.
/// H is held as a matrix (<see cref="DenseLoss"/>), or, where there are fewer rows than inputs, as the rows that it is made of (<see cref="RowsLoss"/>).
/// </summary>
internal abstract class LayerLoss
{
    /// <summary>K.</summary>
    public abstract int Inputs { get; }

    /// <summary>The mean of H's diagonal, which damping is a share of.</summary>
    public double MeanSquare
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Inputs; i++)
                sum += Curvature(i);
            return sum / Inputs;
        }
    }

    /// <summary>The mean of H's diagonal as a measure of other numbers: 1 where all inputs are zero.</summary>
    public double Scale => MeanSquare is > 0 and var mean ? mean : 1;

    /// <summary>The quadratic form in the smaller space: that of the rows where there are fewer of them than inputs.</summary>
    public static LayerLoss Smallest(LayerMoments moments, bool hasBias) =>
        moments.Seen is { } seen ? new RowsLoss(seen, moments, hasBias) : DenseLoss.Over(moments, hasBias);

    /// <summary>The planes that were made for parts of the outputs, which share H; null for a layer that is solved whole, and lets go of each.</summary>
    public OncePerKey<(double Damping, bool ActOrder), NearestPlane>? Planes { get; protected init; }

    /// <summary>The loss of some of the outputs, with the same H. What solvers make of H is made once for all such parts.</summary>
    /// <param name="first">The first of the outputs.</param>
    /// <param name="count">How many.</param>
    public abstract LayerLoss ForOutputs(int first, int count);

    /// <summary>H_ii.</summary>
    public abstract double Curvature(int input);

    /// <summary>c of an output row, K numbers.</summary>
    public abstract ReadOnlySpan<double> Cross(int row);

    /// <summary>The mean squared error of one output row with the weights ŵ.</summary>
    public abstract double Row(int row, ReadOnlySpan<double> weights);

    /// <summary>H v for each row v of <paramref name="rows"/> [any, K].</summary>
    public abstract void Multiply(ReadOnlySpan<double> rows, Span<double> product);

    /// <summary>The slopes H e of the loss for each row e of <paramref name="errors"/> [any, K], which follow as the errors change.</summary>
    public abstract ErrorSlopes[] Slopes(ReadOnlySpan<double> errors);

    /// <summary>
    /// For each candidate the part of the loss d H dᵀ that a block of columns has a say in, where d are the candidate's errors inside the block and
    /// the current ones outside.
    /// </summary>
    /// <param name="current">The errors of a row, K numbers.</param>
    /// <param name="candidates">Other errors of the row, each K numbers.</param>
    /// <param name="start">The first column of the block.</param>
    /// <param name="length">How many columns it has.</param>
    /// <param name="damping">What is added to H's diagonal.</param>
    public abstract double[] BlockLosses(double[] current, double[][] candidates, int start, int length, double damping);

    /// <summary>The weights W' = (C + λ W)(H + λ I)⁻¹ [N, K].</summary>
    /// <param name="weights">W.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public abstract float[] Ridge(ReadOnlySpan<float> weights, double lambda, CancellationToken cancellationToken);

    /// <summary>The factor by which <see cref="NearestPlane"/> rounds.</summary>
    /// <param name="order">The columns; the last is rounded first.</param>
    /// <param name="damping">What is added to H's diagonal.</param>
    /// <param name="cancellationToken">Checked now and then.</param>
    public abstract NearestPlane Plane(int[] order, double damping, CancellationToken cancellationToken);
}
