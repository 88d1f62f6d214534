namespace ModelBuild.Compression.Layers;

/// <summary>
/// First and second moments of what a linear layer sees and of what it should answer, over all positions of all calibration rows: all that least squares, GPTQ, AdaRound
/// and bias correction need, in memory that does not grow with the data. x is the input as the compressed model computes it (for a convolution: one patch),
/// y is the answer of the original layer, bias included. Sums are in float64, divided by <see cref="Rows"/>.
/// </summary>
/// <param name="Inputs">K, the length of x.</param>
/// <param name="Outputs">N, the length of y.</param>
/// <param name="Rows">How many positions were summed up.</param>
/// <param name="InputMean">E[x], K numbers.</param>
/// <param name="TargetMean">E[y], N numbers.</param>
/// <param name="Gram">E[x xᵀ], K × K, symmetric, row by row.</param>
/// <param name="Cross">E[y xᵀ], N × K, row by row.</param>
/// <param name="TargetSquare">E[y²], N numbers: what errors are measured against.</param>
internal sealed record LayerMoments(
    int Inputs, int Outputs, long Rows, double[] InputMean, double[] TargetMean, double[] Gram, double[] Cross, double[] TargetSquare)
{
    /// <summary>The moments of a layer that sees only some of the inputs.</summary>
    public LayerMoments Of(int[] inputs)
    {
        double[] Columns(double[] matrix, IEnumerable<int> rows) => [.. rows.SelectMany(row => inputs.Select(column => matrix[row * Inputs + column]))];
        return this with { Inputs = inputs.Length, InputMean = [.. inputs.Select(i => InputMean[i])], Gram = Columns(Gram, inputs), Cross = Columns(Cross, Enumerable.Range(0, Outputs)) };
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
