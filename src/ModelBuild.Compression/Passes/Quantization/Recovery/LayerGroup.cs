using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>One group of a layer (the whole layer, for all but grouped convolutions) as a problem of its own, and the way back.</summary>
internal sealed class LayerGroup
{
    private readonly QuantizedLayer _layer;
    private readonly int _first;
    private readonly int _rows;

    public LayerGroup(QuantizedLayer layer, int group, LayerMoments moments)
    {
        _layer = layer;
        _rows = layer.Outputs / layer.Groups;
        _first = group * _rows;
        var grid = layer.Grid.Part(_first, _rows);
        var weights = layer.Weights.AsSpan(_first * layer.Inputs, _rows * layer.Inputs).ToArray();
        Problem = new LayerProblem
        {
            Outputs = _rows,
            Inputs = layer.Inputs,
            Weights = weights,
            Kept = LayerProblem.KeptOf(weights),
            Bias = layer.Bias?.AsSpan(_first, _rows).ToArray(),
            GridRule = layer.GridRule.Shared && layer.Groups > 1 ? new HeldGrid(grid) : layer.GridRule.ForRows(_first, _rows),
            Grid = grid,
            Codes = layer.Codes.AsSpan(_first * layer.Inputs, _rows * layer.Inputs).ToArray(),
            Moments = moments,
        };
    }

    /// <summary>The problem.</summary>
    public LayerProblem Problem { get; }

    /// <summary>Puts what was solved into the layer.</summary>
    public void TakeBack()
    {
        Problem.Weights.CopyTo(_layer.Weights, _first * _layer.Inputs);
        Problem.Bias?.CopyTo(_layer.Bias!, _first);
        (Problem.Codes ?? Problem.Grid.Round(Problem.Weights)).CopyTo(_layer.Codes, _first * _layer.Inputs);
        _layer.Grid.Set(_first, Problem.Grid);
    }
}
