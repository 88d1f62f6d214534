using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Some output channels of a layer as a problem of their own, and the way back.</summary>
internal sealed class LayerBlock
{
    private readonly QuantizedLayer _layer;
    private readonly int _first;
    private readonly float[] _weights;

    /// <param name="layer">The layer.</param>
    /// <param name="first">The first of the output channels.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="kept">Which of these may be other than zero; null for all.</param>
    /// <param name="moments">What they saw and should answer.</param>
    /// <param name="loss">Their loss; null where it follows from the moments.</param>
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

    /// <summary>The problem.</summary>
    public LayerProblem Problem { get; }

    /// <summary>Puts what was solved into the layer. Several threads may do so for different blocks.</summary>
    public void TakeBack()
    {
        if (!Problem.Weights.AsSpan().SequenceEqual(_weights))
            _layer.ChangeWeights(_first, Problem.Weights);
        Problem.Bias?.CopyTo(_layer.Bias!, _first);
        _layer.Encoded.Set(_first, Problem.Codes ?? Problem.Grid.Round(Problem.Weights));
        _layer.Encoded.Grid.Set(_first, Problem.Grid);
    }
}
