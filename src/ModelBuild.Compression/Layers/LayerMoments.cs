using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers;

/// <summary>
/// First and second moments of a linear layer's inputs and targets over the sampled calibration rows. Least squares, GPTQ, AdaRound and bias correction need
/// no other data. x is the input as the compressed model computes it (one patch for a convolution), and y is the output of the original layer including the
/// bias. Sums are float64 and divided by <see cref="Rows"/>.
/// </summary>
/// <param name="Inputs">K, the length of x.</param>
/// <param name="Outputs">N, the length of y.</param>
/// <param name="Rows">The number of summed positions.</param>
/// <param name="InputMean">E[x], K numbers.</param>
/// <param name="TargetMean">E[y], N numbers.</param>
/// <param name="Gram">E[x xᵀ], K × K, symmetric, in row-major order; empty when <see cref="Seen"/> holds the rows.</param>
/// <param name="Cross">E[y xᵀ], N × K, in row-major order; empty when <see cref="Seen"/> holds the rows.</param>
/// <param name="TargetSquare">E[y²], N numbers: the reference for errors.</param>
internal sealed record LayerMoments(
    int Inputs,
    int Outputs,
    long Rows,
    double[] InputMean,
    double[] TargetMean,
    double[] Gram,
    double[] Cross,
    double[] TargetSquare
)
{
    /// <summary>The sampled rows of inputs and targets, when there are fewer rows than inputs; null when their products are summed.</summary>
    public LayerSample? Seen { get; init; }

    /// <summary>
    /// Rows that the moments exclude. A change of the layer is accepted only if it reduces the error on them. The value is null when no rows were held out.
    /// </summary>
    public LayerSample? HeldOut { get; init; }

    /// <summary>Returns the moments of a layer with only some of the inputs.</summary>
    public LayerMoments Of(int[] inputs)
    {
        var dense = Dense();
        double[] Columns(double[] matrix, IEnumerable<int> rows) => [.. rows.SelectMany(row => inputs.Select(column => matrix[row * Inputs + column]))];
        return dense with
        {
            Inputs = inputs.Length,
            InputMean = [.. inputs.Select(i => InputMean[i])],
            Gram = Columns(dense.Gram, inputs),
            Cross = Columns(dense.Cross, Enumerable.Range(0, Outputs)),
            HeldOut = null,
        };
    }

    /// <summary>
    /// Returns the means of some of the outputs and their held-out rows. Products and other rows are omitted, because the loss of the complete layer owns
    /// them.
    /// </summary>
    /// <param name="first">The index of the first output.</param>
    /// <param name="count">The number of outputs.</param>
    public LayerMoments ForOutputs(int first, int count) =>
        this with
        {
            Outputs = count,
            TargetMean = TargetMean[first..(first + count)],
            TargetSquare = TargetSquare[first..(first + count)],
            Gram = [],
            Cross = [],
            Seen = null,
            HeldOut = HeldOut?.ForOutputs(first, count),
        };

    /// <summary>Returns moments with sums of products instead of the stored rows.</summary>
    public LayerMoments Dense()
    {
        if (Seen is not { } seen)
            return this;
        double[] ToColumns(float[] rows, int columns) => Array.ConvertAll(Matrix.Transpose<float>(rows, columns), value => value / Math.Sqrt(seen.Rows));
        var (x, y) = (ToColumns(seen.X, Inputs), ToColumns(seen.Y, Outputs));
        return this with { Seen = null, Gram = Products.Transposed(x, x, seen.Rows), Cross = Products.Transposed(y, x, seen.Rows) };
    }

    /// <summary>Returns the variance of the target of each output, N numbers.</summary>
    public double[] TargetVariance()
    {
        var variance = new double[Outputs];
        for (var i = 0; i < variance.Length; i++)
            variance[i] = Math.Max(0, TargetSquare[i] - TargetMean[i] * TargetMean[i]);
        return variance;
    }

    /// <summary>Returns the bias with the least error: E[y] − W E[x].</summary>
    /// <param name="weights">W [N, K].</param>
    public float[] BestBias(ReadOnlySpan<float> weights)
    {
        var bias = new float[Outputs];
        for (var row = 0; row < Outputs; row++)
        {
            var mean = TargetMean[row];
            for (var column = 0; column < Inputs; column++)
                mean -= weights[row * Inputs + column] * InputMean[column];
            bias[row] = (float)mean;
        }

        return bias;
    }
}
