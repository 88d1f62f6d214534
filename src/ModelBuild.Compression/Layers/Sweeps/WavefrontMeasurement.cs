using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>Runs the changed model and the original up to the layers of a wavefront, and sums the moments of the layers.</summary>
internal sealed class WavefrontMeasurement
{
    // The distance between held-out calls: the last of four calls is held out, as in the division of samples.
    private const int Stride = SampleDivision.Stride;

    private readonly MeasuredLayer[] _layers;
    private readonly int _calls;
    private readonly RowBudget _budget;
    private readonly CancellationToken _cancellationToken;
    private readonly LayerRows[] _rows;
    private readonly MomentsAccumulator[][] _sums;
    private readonly RowCollector[][] _heldOut;
    private readonly PrefixPart _changed;
    private readonly PrefixPart _original;

    /// <param name="layers">The layers.</param>
    /// <param name="calls">The number of calls.</param>
    /// <param name="budget">The number of rows.</param>
    /// <param name="graph">The main graph of the original model.</param>
    /// <param name="changed">The part of the changed model that computes the inputs of the layers.</param>
    /// <param name="original">The part of the original that computes the targets.</param>
    /// <param name="products">The multiplication of rows.</param>
    /// <param name="cancellationToken">Cancels the runs.</param>
    public WavefrontMeasurement(
        MeasuredLayer[] layers,
        int calls,
        RowBudget budget,
        Graph graph,
        PrefixPart changed,
        PrefixPart original,
        MomentProducts products,
        CancellationToken cancellationToken
    )
    {
        (_layers, _calls, _budget, _changed, _original, _cancellationToken) = (layers, calls, budget, changed, original, cancellationToken);
        _rows =
        [
            .. layers.Select(layer =>
                LayerRows.Of(layer.Source, layer.WeightShape ?? graph.Constant(layer.Source.Input[1]).Dims, layer.Groups, layer.SourceChannels)
            ),
        ];
        _sums = [.. layers.Select(layer => Groups(layer, outputs => new MomentsAccumulator(products, layer.Inputs, outputs, budget.KeepsRows(layer.Inputs))))];
        _heldOut = [.. layers.Select(layer => Groups(layer, outputs => new RowCollector(layer.Inputs, outputs)))];
    }

    /// <summary>Returns the rows of one call for each layer and group. Several threads may run different calls.</summary>
    public CallRows Run(Sample sample, int call)
    {
        using var inputs = _changed.Run(sample, call, _cancellationToken);
        using var targets = _original.Run(sample, call, _cancellationToken);
        var mask = SampleMask.Of(sample);
        return new CallRows(
            call,
            [
                .. _layers.Select(
                    (layer, i) =>
                        Enumerable
                            .Range(0, layer.Groups)
                            .Select(group => Take(i, inputs.Floats(layer.Input), targets.Floats(layer.Source.Output[0]), group, call, mask))
                            .ToArray()
                ),
            ]
        );
    }

    /// <summary>Adds the rows of one call to the moments of the layers. The caller must add calls in their order.</summary>
    public void Add(CallRows rows)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        for (var group = 0; group < _layers[layer].Groups; group++)
            Add(_layers[layer], _sums[layer][group], _heldOut[layer][group], rows.Call, rows.Layers[layer][group]);
    }

    /// <summary>Returns the moments of one group of one layer, or null when there were no rows.</summary>
    public LayerMoments? Moments(int layer, int group) =>
        _sums[layer][group].Moments() is { } moments ? moments with { HeldOut = _heldOut[layer][group].Sample() } : null;

    // Whether complete calls are held out, which needs at least four calls. Otherwise rows of each call are held out.
    private bool DividesCalls => _budget.HoldsOutRows && _calls >= Stride;

    private static bool IsHeldOut(int position) => position % Stride == Stride - 1;

    private static T[] Groups<T>(MeasuredLayer layer, Func<int, T> create) =>
        [.. Enumerable.Range(0, layer.Groups).Select(_ => create(layer.Outputs / layer.Groups))];

    private void Add(MeasuredLayer layer, MomentsAccumulator sums, RowCollector heldOut, int call, (float[] X, float[] Y) rows)
    {
        if (!_budget.HoldsOutRows)
        {
            sums.Add(rows.X, rows.Y);
            return;
        }

        var (inputs, outputs) = (layer.Inputs, layer.Outputs / layer.Groups);
        for (var row = 0; row < rows.X.Length / inputs; row++)
        {
            var x = rows.X.AsSpan(row * inputs, inputs);
            var y = rows.Y.AsSpan(row * outputs, outputs);
            if (DividesCalls ? IsHeldOut(call) : IsHeldOut(row))
                heldOut.Add(x, y);
            else
                sums.Add(x, y);
        }
    }

    private (float[] X, float[] Y) Take(int layer, FloatView x, FloatView y, int group, int call, bool[]? mask)
    {
        var count = _rows[layer].Count(y.Shape);
        var counted = mask?.Length == count ? mask : null;
        var isHeldOut = DividesCalls && IsHeldOut(call);
        var heldOutCalls = DividesCalls ? _calls / Stride : 0;
        var calls = (double)(isHeldOut ? heldOutCalls : _calls - heldOutCalls);
        var wanted = isHeldOut ? _budget.HeldOut(_layers[layer].Inputs) : _budget.Wanted(_layers[layer].Inputs);
        var stride = (int)Math.Max(1, Math.Ceiling((counted?.Count(isReal => isReal) ?? count) * calls / wanted));
        return _rows[layer].Take(x, y, group, stride, call, counted);
    }
}
