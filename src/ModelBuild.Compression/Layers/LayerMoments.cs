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
    int Inputs, int Outputs, long Rows, double[] InputMean, double[] TargetMean, double[] Gram, double[] Cross, double[] TargetSquare);
