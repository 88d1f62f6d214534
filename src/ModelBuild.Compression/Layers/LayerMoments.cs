using ModelBuild.Compression.Layers.LinearAlgebra;

namespace ModelBuild.Compression.Layers;

/// <summary>
/// First and second moments of what a linear layer sees and of what it should answer, over the calibration rows that were taken: all that least
/// squares, GPTQ, AdaRound
/// and bias correction need. x is the input as the compressed model computes it (for a convolution: one patch),
/// y is the answer of the original layer, bias included. Sums are in float64, divided by <see cref="Rows"/>.
/// </summary>
/// <param name="Inputs">K, the length of x.</param>
/// <param name="Outputs">N, the length of y.</param>
/// <param name="Rows">How many positions were summed up.</param>
/// <param name="InputMean">E[x], K numbers.</param>
/// <param name="TargetMean">E[y], N numbers.</param>
/// <param name="Gram">E[x xᵀ], K × K, symmetric, row by row; empty where <see cref="Seen"/> holds the rows themselves.</param>
/// <param name="Cross">E[y xᵀ], N × K, row by row; empty where <see cref="Seen"/> holds the rows themselves.</param>
/// <param name="TargetSquare">E[y²], N numbers: what errors are measured against.</param>
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
    /// <summary>The rows themselves, where they are fewer than inputs; null where their products are summed up.</summary>
    public LayerSample? Seen { get; init; }

    /// <summary>Rows that are not among those: a change of the layer is accepted on them. Null where none were kept.</summary>
    public LayerSample? HeldOut { get; init; }

    /// <summary>The moments of a layer that sees only some of the inputs.</summary>
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
    /// The means of some of the outputs, and their rows that were held out. Neither products nor other rows: the loss of the whole layer has taken
    /// these over.
    /// </summary>
    /// <param name="first">The first of the outputs.</param>
    /// <param name="count">How many.</param>
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

    /// <summary>The same with sums of products in place of the rows.</summary>
    public LayerMoments Dense()
    {
        if (Seen is not { } seen)
            return this;
        double[] Turned(float[] rows, int columns) => Array.ConvertAll(Matrix.Transpose<float>(rows, columns), value => value / Math.Sqrt(seen.Rows));
        var (x, y) = (Turned(seen.X, Inputs), Turned(seen.Y, Outputs));
        return this with { Seen = null, Gram = Products.Transposed(x, x, seen.Rows), Cross = Products.Transposed(y, x, seen.Rows) };
    }

    /// <summary>The variance of each output, N numbers.</summary>
    public double[] TargetVariance()
    {
        var variance = new double[Outputs];
        for (var i = 0; i < variance.Length; i++)
            variance[i] = Math.Max(0, TargetSquare[i] - TargetMean[i] * TargetMean[i]);
        return variance;
    }

    /// <summary>The bias with which a layer answers best: E[y] − W E[x].</summary>
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
