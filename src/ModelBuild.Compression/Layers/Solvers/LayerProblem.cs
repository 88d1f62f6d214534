using System.Diagnostics.CodeAnalysis;
using ModelBuild.Compression.Layers.Losses;

namespace ModelBuild.Compression.Layers.Solvers;

/// <summary>
/// The problem of quantizing one linear layer, or one group of a convolution, with a small error: y ≈ W x + b. Solvers run one after another on the same
/// problem, and each reduces its error.
/// </summary>
internal sealed class LayerProblem
{
    private LayerLoss? _loss;

    /// <summary>N, the number of output channels.</summary>
    public required int Outputs { get; init; }

    /// <summary>K, the number of inputs that each output channel multiplies.</summary>
    public required int Inputs { get; init; }

    /// <summary>W [N, K] as floats before rounding. A solver that changes the weights must also update <see cref="Grid"/> and <see cref="Codes"/>.</summary>
    public required float[] Weights { get; set; }

    /// <summary>Whether each weight [N, K] may differ from zero; null for all. The other weights were pruned, and solvers leave them zero.</summary>
    public bool[]? Kept { get; init; }

    /// <summary>b [N]; null when the layer cannot have a bias. Then the weights must keep the mean error small.</summary>
    public float[]? Bias { get; set; }

    /// <summary>The rule that determines the grid of the layer's quantized weights.</summary>
    public required IGridRule GridRule { get; init; }

    /// <summary>The grid: the values that the quantized weights can have.</summary>
    public required WeightGrid Grid { get; set; }

    /// <summary>The chosen codes [N, K] of the quantized weights; null while they are the nearest codes to <see cref="Weights"/>.</summary>
    public int[]? Codes { get; set; }

    /// <summary>The moments of the layer's inputs and targets. The problem owns them, because <see cref="Loss"/> overwrites their sums of products.</summary>
    public required LayerMoments Moments { get; init; }

    /// <summary>The error of the layer as a quadratic form of its weights. It is computed from the moments unless it is set.</summary>
    [AllowNull]
    public LayerLoss Loss
    {
        get => _loss ??= LayerLoss.Smallest(Moments, hasBias: Bias is not null);
        init => _loss = value;
    }

    /// <summary>
    /// Returns <see cref="Kept"/> for weights. If a tenth or more of the weights are zero, they were pruned, because training alone leaves fewer zeros.
    /// </summary>
    public static bool[]? KeptOf(ReadOnlySpan<float> weights) =>
        IsPruned(weights.Count(0f), weights.Length) ? Array.ConvertAll(weights.ToArray(), weight => weight != 0) : null;

    /// <summary>Returns whether so many weights are zero that they must have been pruned.</summary>
    public static bool IsPruned(long zeros, long weights) => zeros >= Math.Max(1, weights / 10);

    /// <summary>Returns whether a weight was pruned.</summary>
    public bool IsPruned(int row, int column) => Kept is { } kept && !kept[row * Inputs + column];

    /// <summary>Returns Ŵ [N, K]: the values of <see cref="Codes"/>, or of the nearest codes when there are none.</summary>
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
