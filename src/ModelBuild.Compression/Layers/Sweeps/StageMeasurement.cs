using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Passes;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>Runs the changed model up to some layers, and the original, and sums up the layers' moments.</summary>
internal sealed class StageMeasurement
{
    // Moments are steady long before this many rows, and products of long rows cost their square.
    private const long MaxRows = 1 << 16;
    private const double MaxWork = 4e10;

    private readonly MeasuredLayer[] _layers;
    private readonly int _calls;
    private readonly CancellationToken _cancellationToken;
    private readonly LayerRows[] _rows;
    private readonly MomentsAccumulator[][] _sums;
    private readonly FrontPart _changed;
    private readonly FrontPart _original;

    /// <param name="layers">The layers.</param>
    /// <param name="calls">How many calls there are.</param>
    /// <param name="graph">The main graph of the original model.</param>
    /// <param name="changed">Shows what the layers see.</param>
    /// <param name="original">Shows what they should answer.</param>
    /// <param name="products">What multiplies.</param>
    /// <param name="cancellationToken">Ends the runs.</param>
    public StageMeasurement(MeasuredLayer[] layers, int calls, Graph graph, FrontPart changed, FrontPart original, MomentProducts products, CancellationToken cancellationToken)
    {
        (_layers, _calls, _changed, _original, _cancellationToken) = (layers, calls, changed, original, cancellationToken);
        _rows = [.. layers.Select(layer => LayerRows.Of(layer.Source, layer.WeightShape ?? graph.Constant(layer.Source.Input[1]).Dims, layer.Groups, layer.SourceChannels))];
        _sums = [.. layers.Select(layer => Enumerable.Range(0, layer.Groups).Select(_ => new MomentsAccumulator(products, layer.Inputs, layer.Outputs / layer.Groups)).ToArray())];
    }

    /// <summary>The rows of one call, for each layer and group. Several calls may run at once.</summary>
    public (float[] X, float[] Y)[][] Run(Sample sample, int call)
    {
        var inputs = _changed.Run(sample, call, _cancellationToken);
        var targets = _original.Run(sample, call, _cancellationToken);
        return [.. _layers.Select((layer, i) => Enumerable.Range(0, layer.Groups).Select(group => Take(i, inputs[layer.Input], targets[layer.Source.Output[0]], group, call)).ToArray())];
    }

    /// <summary>Adds one call's rows; in the order of the calls.</summary>
    public void Add((float[] X, float[] Y)[][] rows)
    {
        for (var layer = 0; layer < rows.Length; layer++)
            for (var group = 0; group < rows[layer].Length; group++)
                _sums[layer][group].Add(rows[layer][group].X, rows[layer][group].Y);
    }

    /// <summary>The moments of one group of one layer; null when the layer saw nothing.</summary>
    public LayerMoments? Moments(int layer, int group) => _sums[layer][group].Moments();

    private (float[] X, float[] Y) Take(int layer, SampleArray x, SampleArray y, int group, int call)
    {
        var columns = (double)_layers[layer].Inputs;
        var wanted = Math.Clamp(MaxWork / (columns * columns), 2 * columns, MaxRows);
        var stride = (int)Math.Max(1, Math.Ceiling(_rows[layer].Count(y.Shape) * (double)_calls / wanted));
        return _rows[layer].Take(x, y, group, stride, call);
    }
}
