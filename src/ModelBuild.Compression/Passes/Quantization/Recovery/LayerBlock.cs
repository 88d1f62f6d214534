using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Some output channels of a layer as a separate problem, whose solution can be copied to the layer.</summary>
internal sealed class LayerBlock
{
    private readonly QuantizedLayer _layer;
    private readonly int _first;
    private readonly float[] _weights;

    /// <param name="layer">The layer.</param>
    /// <param name="first">The first output channel of the block.</param>
    /// <param name="weights">The weights of the block.</param>
    /// <param name="kept">The weights that may differ from zero; null for all.</param>
    /// <param name="moments">The moments of the inputs and of the target outputs.</param>
    /// <param name="loss">The loss of the block; null to compute it from the moments.</param>
    public LayerBlock(QuantizedLayer layer, int first, float[] weights, bool[]? kept, LayerMoments moments, LayerLoss? loss)
    {
        (_layer, _first, _weights) = (layer, first, weights);
        var rows = weights.Length / layer.Inputs;
        var grid = layer.Encoded.Grid.Part(first, rows);
        Problem = new LayerProblem
        {
            Outputs = rows,
            Inputs = layer.Inputs,
            Weights = weights,
            Kept = kept,
            Bias = layer.Bias?.AsSpan(first, rows).ToArray(),
            GridRule = layer.GridRule.Shared && layer.Groups > 1 ? new HeldGrid(grid) : layer.GridRule.ForRows(first, rows),
            Grid = grid,
            Codes = layer.Encoded.Read(first, rows),
            Moments = moments,
            Loss = loss,
        };
    }

    /// <summary>The problem with the output channels of the block.</summary>
    public LayerProblem Problem { get; }

    /// <summary>Copies the solution of the block to the layer. Several threads may call this method for different blocks.</summary>
    public void TakeBack()
    {
        if (!Problem.Weights.AsSpan().SequenceEqual(_weights))
            _layer.ChangeWeights(_first, Problem.Weights);
        Problem.Bias?.CopyTo(_layer.Bias!, _first);
        _layer.Encoded.Set(_first, Problem.Codes ?? Problem.Grid.Round(Problem.Weights));
        _layer.Encoded.Grid.Set(_first, Problem.Grid);
    }
}
