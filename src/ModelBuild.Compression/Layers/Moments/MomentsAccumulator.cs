using System.Numerics.Tensors;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>
/// Sums the moments of one layer, or of one group of a convolution. The rows are processed in blocks whose borders depend only on the number of rows, so that
/// the sums depend only on the order of the rows. If fewer rows than inputs are expected, the rows are kept instead of their products.
/// </summary>
internal sealed class MomentsAccumulator
{
    // The largest number of rows whose products are summed in float32, which is precise enough. The sums over blocks are float64.
    private const int MaxBlockRows = 1024;

    // The memory limit in bytes of a block of rows, whose products are summed together.
    private const int BlockBytes = 32 << 20;

    // Rows with numbers of this magnitude or more are skipped, because the sums of their squares over a block would exceed the range of float32.
    private const float Greatest = 1e16f;

    private readonly MomentProducts _products;
    private readonly int _blockRows;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly double[] _inputSum;
    private readonly double[] _targetSum;
    private readonly double[] _targetSquare;
    private readonly double[] _gram;
    private readonly double[] _cross;
    private readonly RowCollector? _kept;
    private int _pending;
    private long _rows;

    /// <param name="products">The multiplication, which must outlive the accumulator.</param>
    /// <param name="inputs">K, the number of inputs.</param>
    /// <param name="outputs">N, the number of outputs.</param>
    /// <param name="keepsRows">Whether rows are kept instead of their products.</param>
    public MomentsAccumulator(MomentProducts products, int inputs, int outputs, bool keepsRows = false)
    {
        (_products, _inputs, _outputs) = (products, inputs, outputs);
        _blockRows = Math.Clamp(BlockBytes / sizeof(float) / Math.Max(1, inputs + outputs), 1, MaxBlockRows);
        _kept = keepsRows ? new RowCollector(inputs, outputs) : null;
        (_x, _y) = (new float[_blockRows * inputs], new float[_blockRows * outputs]);
        (_inputSum, _targetSum, _targetSquare) = (new double[inputs], new double[outputs], new double[outputs]);
        (_gram, _cross) = keepsRows ? ([], []) : (new double[checked(inputs * inputs)], new double[checked(outputs * inputs)]);
    }

    /// <summary>Adds rows in the order of their calls. Rows with numbers that are not finite or extremely large are skipped.</summary>
    /// <param name="x">The inputs of the layer [any, K].</param>
    /// <param name="y">The targets of the layer [as many, N].</param>
    public void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        for (; x.Length > 0; x = x[_inputs..], y = y[_outputs..])
        {
            if (!IsUsable(x[.._inputs]) || !IsUsable(y[.._outputs]))
                continue;
            x[.._inputs].CopyTo(_x.AsSpan(_pending * _inputs));
            y[.._outputs].CopyTo(_y.AsSpan(_pending * _outputs));
            if (++_pending == _blockRows)
                Flush();
        }
    }

    /// <summary>
    /// Returns the moments of all rows, or null when there were none. The moments take ownership of the sums, because a copy may be as large as all weights.
    /// No rows can be added afterwards.
    /// </summary>
    public LayerMoments? Moments()
    {
        Flush();
        return _rows == 0
            ? null
            : new LayerMoments(_inputs, _outputs, _rows, Mean(_inputSum), Mean(_targetSum), Mean(_gram), Mean(_cross), Mean(_targetSquare))
            {
                Seen = _kept?.Sample(),
            };
    }

    private void Flush()
    {
        if (_pending == 0)
            return;
        for (var row = 0; row < _pending; row++)
        {
            var x = _x.AsSpan(row * _inputs, _inputs);
            for (var i = 0; i < x.Length; i++)
                _inputSum[i] += x[i];
            var y = _y.AsSpan(row * _outputs, _outputs);
            for (var i = 0; i < y.Length; i++)
            {
                _targetSum[i] += y[i];
                _targetSquare[i] += (double)y[i] * y[i];
            }
        }

        if (_kept is null)
            _products.Add(_x.AsMemory(0, _pending * _inputs), _y.AsMemory(0, _pending * _outputs), _pending, _gram, _cross);
        else
            _kept.Add(_x.AsSpan(0, _pending * _inputs), _y.AsSpan(0, _pending * _outputs));
        _rows += _pending;
        _pending = 0;
    }

    private double[] Mean(double[] sums)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] /= _rows;
        return sums;
    }

    /// <summary>Returns whether a row holds no NaN, no infinity and no extremely large number.</summary>
    internal static bool IsUsable(ReadOnlySpan<float> row) => Math.Abs(TensorPrimitives.MaxMagnitude(row)) < Greatest;
}
