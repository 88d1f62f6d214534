namespace ModelBuild.Compression.Layers.Losses;

/// <summary>
/// The mean squared error of a layer as a quadratic form of its weights. For each output row it is E|ŵ·x + b − y|² = ŵ H ŵᵀ − 2 c ŵᵀ + E[y²]. If the layer
/// has a bias, the bias is assumed to be the best one, b = E[y] − ŵ·E[x], so that H, c and the square are those of x and y minus their means. H is a matrix
/// (<see cref="DenseLoss"/>) or, when there are fewer rows than inputs, the product of the stored rows (<see cref="RowsLoss"/>).
/// </summary>
internal abstract class LayerLoss
{
    /// <summary>K, the number of inputs that each output of the layer multiplies.</summary>
    public abstract int Inputs { get; }

    /// <summary>The mean of the diagonal of H, the unit in which the damping of solvers is given.</summary>
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

    /// <summary>The mean of H's diagonal, or 1 when all inputs are zero, as a divisor for other numbers.</summary>
    public double Scale => MeanSquare is > 0 and var mean ? mean : 1;

    /// <summary>Returns the representation of the loss that takes less memory: the rows when there are fewer rows than inputs, otherwise the matrix.</summary>
    public static LayerLoss Smallest(LayerMoments moments, bool hasBias) =>
        moments.Seen is { } seen ? new RowsLoss(seen, moments, hasBias) : DenseLoss.Over(moments, hasBias);

    /// <summary>
    /// The planes that the parts of the outputs share, because they have the same H. The value is null for a layer that is solved as a whole, whose planes
    /// are not kept.
    /// </summary>
    public OncePerKey<(double Damping, bool ActOrder), NearestPlane>? Planes { get; protected init; }

    /// <summary>Returns the loss of some of the outputs, with the same H. All such parts share what solvers compute from H.</summary>
    /// <param name="first">The index of the first output.</param>
    /// <param name="count">The number of outputs.</param>
    public abstract LayerLoss ForOutputs(int first, int count);

    /// <summary>Returns the diagonal element H_ii of H for the input i.</summary>
    public abstract double Curvature(int input);

    /// <summary>Returns the linear term c of the quadratic form for an output row, K numbers.</summary>
    public abstract ReadOnlySpan<double> Cross(int row);

    /// <summary>Returns the mean squared error of one output row with the weights ŵ.</summary>
    public abstract double Row(int row, ReadOnlySpan<double> weights);

    /// <summary>Computes H v for each row v of <paramref name="rows"/> [any, K].</summary>
    public abstract void Multiply(ReadOnlySpan<double> rows, Span<double> product);

    /// <summary>Returns the gradients H e for each row e of <paramref name="errors"/> [any, K]. The gradients can be updated as the errors change.</summary>
    public abstract ErrorSlopes[] Slopes(ReadOnlySpan<double> errors);

    /// <summary>
    /// Returns, for each candidate, the part of the loss d H dᵀ that depends on a block of columns, where d holds the candidate's errors inside the block and
    /// the current errors outside.
    /// </summary>
    /// <param name="current">The current errors of a row, K numbers.</param>
    /// <param name="candidates">The candidate errors of the row, K numbers each.</param>
    /// <param name="start">The first column of the block.</param>
    /// <param name="length">The number of columns of the block.</param>
    /// <param name="damping">The number that is added to H's diagonal.</param>
    public abstract double[] BlockLosses(double[] current, double[][] candidates, int start, int length, double damping);

    /// <summary>Returns the weights W' = (C + λ W)(H + λ I)⁻¹ [N, K].</summary>
    /// <param name="weights">The weights W.</param>
    /// <param name="lambda">The regularization λ.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public abstract float[] Ridge(ReadOnlySpan<float> weights, double lambda, CancellationToken cancellationToken);

    /// <summary>Returns the factorization of H with which <see cref="NearestPlane"/> rounds weights.</summary>
    /// <param name="order">The order of the columns. The last one is rounded first.</param>
    /// <param name="damping">The number that is added to H's diagonal.</param>
    /// <param name="cancellationToken">Cancels the computation.</param>
    public abstract NearestPlane Plane(int[] order, double damping, CancellationToken cancellationToken);
}
