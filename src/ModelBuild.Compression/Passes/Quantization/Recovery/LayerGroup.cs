using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>
/// One group of a layer (the whole layer, except for grouped convolutions), divided into blocks of output channels that are solved separately, because
/// solvers use many times as much memory as the weights. Blocks share the matrices that depend on the inputs alone. Output channels do not depend on each
/// other, so the division does not change results; if they share a scale, all of them are one block.
/// </summary>
internal sealed class LayerGroup
{
    private readonly QuantizedLayer _layer;
    private readonly LayerMoments _moments;
    private readonly LayerLoss? _loss;
    private readonly int _first;
    private readonly int _rows;
    private readonly int _blockRows;
    private readonly bool _isPruned;

    /// <param name="layer">The layer.</param>
    /// <param name="group">The group's number.</param>
    /// <param name="moments">The moments of the group.</param>
    /// <param name="size">The size of blocks.</param>
    public LayerGroup(QuantizedLayer layer, int group, LayerMoments moments, BlockSize size)
    {
        (_layer, _moments) = (layer, moments);
        _rows = layer.Outputs / layer.Groups;
        _first = group * _rows;
        _blockRows = layer.GridRule.Shared ? _rows : size.Rows(layer.Inputs, _rows);
        if (Blocks == 1)
            return;
        _loss = LayerLoss.Smallest(moments, layer.Bias is not null);
        var zeros = Enumerable.Range(0, Blocks).Sum(block => (long)layer.ReadWeights(FirstOf(block), RowsOf(block)).AsSpan().Count(0f));
        _isPruned = LayerProblem.IsPruned(zeros, (long)_rows * layer.Inputs);
    }

    /// <summary>The number of blocks that the group is divided into.</summary>
    public int Blocks => (_rows + _blockRows - 1) / _blockRows;

    /// <summary>The number of blocks that may be solved in parallel.</summary>
    public int SideBySide => BlockSize.SideBySide(_blockRows, _layer.Inputs);

    /// <summary>Returns one of the blocks as a separate problem.</summary>
    public LayerBlock Block(int block)
    {
        if (_loss is null)
        {
            var weights = _layer.ReadWeights(_first, _rows);
            return new LayerBlock(_layer, _first, weights, LayerProblem.KeptOf(weights), _moments, null);
        }

        var (first, rows) = (FirstOf(block), RowsOf(block));
        var own = _layer.ReadWeights(first, rows);
        return new LayerBlock(
            _layer,
            first,
            own,
            _isPruned ? Array.ConvertAll(own, weight => weight != 0) : null,
            _moments.ForOutputs(first - _first, rows),
            _loss.ForOutputs(first - _first, rows)
        );
    }

    private int FirstOf(int block) => _first + block * _blockRows;

    private int RowsOf(int block) => Math.Min(_blockRows, _first + _rows - FirstOf(block));
}
