using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>Runs the changed model up to some layers, and the original, and sums up the layers' moments.</summary>
internal sealed class StageMeasurement
{
    // The last of four calls is held out. Samples are divided into those to fit to and those to judge on in the same way.
    private const int Stride = SampleDivision.Stride;

    private readonly MeasuredLayer[] _layers;
    private readonly int _calls;
    private readonly RowBudget _budget;
    private readonly CancellationToken _cancellationToken;
    private readonly LayerRows[] _rows;
    private readonly MomentsAccumulator[][] _sums;
    private readonly RowCollector[][] _heldOut;
    private readonly FrontPart _changed;
    private readonly FrontPart _original;

    /// <param name="layers">The layers.</param>
    /// <param name="calls">How many calls there are.</param>
    /// <param name="budget">How many rows are taken.</param>
    /// <param name="graph">The main graph of the original model.</param>
    /// <param name="changed">Shows what the layers see.</param>
    /// <param name="original">Shows what they should answer.</param>
    /// <param name="products">What multiplies.</param>
    /// <param name="cancellationToken">Ends the runs.</param>
    public StageMeasurement(
        MeasuredLayer[] layers,
        int calls,
        RowBudget budget,
        Graph graph,
        FrontPart changed,
        FrontPart original,
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

    /// <summary>The rows of one call, for each layer and group. Several calls may run at once.</summary>
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

    /// <summary>Adds one call's rows; in the order of the calls.</summary>
    public void Add(CallRows rows)
    {
        for (var layer = 0; layer < _layers.Length; layer++)
        for (var group = 0; group < _layers[layer].Groups; group++)
            Add(_layers[layer], _sums[layer][group], _heldOut[layer][group], rows.Call, rows.Layers[layer][group]);
    }

    /// <summary>The moments of one group of one layer; null when the layer saw nothing.</summary>
    public LayerMoments? Moments(int layer, int group) =>
        _sums[layer][group].Moments() is { } moments ? moments with { HeldOut = _heldOut[layer][group].Sample() } : null;

    // Whole calls are held out where there are enough; otherwise rows are.
    private bool DividesCalls => _budget.IsJudged && _calls >= Stride;

    private static bool IsHeldOut(int position) => position % Stride == Stride - 1;

    private static T[] Groups<T>(MeasuredLayer layer, Func<int, T> create) =>
        [.. Enumerable.Range(0, layer.Groups).Select(_ => create(layer.Outputs / layer.Groups))];

    private void Add(MeasuredLayer layer, MomentsAccumulator sums, RowCollector heldOut, int call, (float[] X, float[] Y) rows)
    {
        if (!_budget.IsJudged)
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
