using System.Diagnostics.CodeAnalysis;

namespace ModelBuild.Compression.Layers;

/// <summary>
/// One linear layer (or one group of a convolution) to be quantized well: y ≈ W x + b. Solvers take it one after another, each leaving it better for the next.
/// </summary>
internal sealed class LayerProblem
{
    private LayerLoss? _loss;

    /// <summary>N, the number of output channels.</summary>
    public required int Outputs { get; init; }

    /// <summary>K, the inputs that each output channel multiplies.</summary>
    public required int Inputs { get; init; }

    /// <summary>W [N, K] in real numbers, before rounding. Solvers may change it; then <see cref="Grid"/> and <see cref="Codes"/> follow.</summary>
    public required float[] Weights { get; set; }

    /// <summary>Which weights [N, K] may be other than zero; null for all. The others were pruned, and solvers leave them zero.</summary>
    public bool[]? Kept { get; init; }

    /// <summary>b [N]; null where the layer cannot have one, and its mean error must be kept small by the weights.</summary>
    public float[]? Bias { get; set; }

    /// <summary>How the grid follows from weights.</summary>
    public required IGridRule GridRule { get; init; }

    /// <summary>The values that weights can take.</summary>
    public required WeightGrid Grid { get; set; }

    /// <summary>The chosen codes [N, K]; null while they are the nearest ones to <see cref="Weights"/>.</summary>
    public int[]? Codes { get; set; }

    /// <summary>What the layer sees and should answer. The problem takes them over: their sums of products are <see cref="Loss"/>'s.</summary>
    public required LayerMoments Moments { get; init; }

    /// <summary>The error as a quadratic form of the weights. It follows from the moments, unless it is given.</summary>
    [AllowNull]
    public LayerLoss Loss
    {
        get => _loss ??= LayerLoss.Smallest(Moments, hasBias: Bias is not null);
        init => _loss = value;
    }

    /// <summary>What <see cref="Kept"/> is for weights: those that are not zero, where a tenth or more are zero, which no training leaves behind by itself.</summary>
    public static bool[]? KeptOf(ReadOnlySpan<float> weights) =>
        IsPruned(weights.Count(0f), weights.Length) ? Array.ConvertAll(weights.ToArray(), weight => weight != 0) : null;

    /// <summary>Whether so many of the weights are zero that they were pruned.</summary>
    public static bool IsPruned(long zeros, long weights) => zeros >= Math.Max(1, weights / 10);

    /// <summary>Whether a weight was pruned.</summary>
    public bool IsPruned(int row, int column) => Kept is { } kept && !kept[row * Inputs + column];

    /// <summary>Ŵ [N, K]: the values of <see cref="Codes"/>, or of the nearest codes while there are none.</summary>
    public double[] Quantized()
    {
        var values = new double[Outputs * Inputs];
        for (var row = 0; row < Outputs; row++)
        for (var column = 0; column < Inputs; column++)
        {
            var i = row * Inputs + column;
            values[i] = Grid.Value(row, column, Codes?[i] ?? Grid.Code(row, column, Weights[i]));
        }

        return values;
    }
}
