using System.Numerics.Tensors;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>
/// Sums up the moments of one layer, or of one group of a convolution. Rows are taken up in blocks whose borders follow from the rows alone, so the sums depend
/// on the order in which rows are added and on nothing else.
/// </summary>
internal sealed class MomentsAccumulator
{
    // Float32 products of so many rows lose nothing that matters; the sums over blocks are in float64.
    private const int BlockRows = 1024;

    // Squares of greater numbers, summed up over a block, leave float32's range.
    private const float Greatest = 1e16f;

    private readonly MomentProducts _products;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly double[] _inputSum;
    private readonly double[] _targetSum;
    private readonly double[] _targetSquare;
    private readonly double[] _gram;
    private readonly double[] _cross;
    private int _pending;
    private long _rows;

    /// <param name="products">What multiplies; outlives the accumulator.</param>
    /// <param name="inputs">K.</param>
    /// <param name="outputs">N.</param>
    public MomentsAccumulator(MomentProducts products, int inputs, int outputs)
    {
        (_products, _inputs, _outputs) = (products, inputs, outputs);
        (_x, _y) = (new float[BlockRows * inputs], new float[BlockRows * outputs]);
        (_inputSum, _targetSum, _targetSquare) = (new double[inputs], new double[outputs], new double[outputs]);
        (_gram, _cross) = (new double[inputs * inputs], new double[outputs * inputs]);
    }

    /// <summary>Adds rows, in the order of the calls they come from. Rows with numbers that are not finite, or absurdly great, are left out.</summary>
    /// <param name="x">What the layer sees [any, K].</param>
    /// <param name="y">What it should answer [as many, N].</param>
    public void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        for (; x.Length > 0; x = x[_inputs..], y = y[_outputs..])
        {
            if (!Usable(x[.._inputs]) || !Usable(y[.._outputs]))
                continue;
            x[.._inputs].CopyTo(_x.AsSpan(_pending * _inputs));
            y[.._outputs].CopyTo(_y.AsSpan(_pending * _outputs));
            if (++_pending == BlockRows)
                Flush();
        }
    }

    /// <summary>The moments of all rows; null when there were none. They take over the sums, of which a copy may be as large as all weights: no row can follow.</summary>
    public LayerMoments? Moments()
    {
        Flush();
        return _rows == 0
            ? null
            : new LayerMoments(_inputs, _outputs, _rows, Mean(_inputSum), Mean(_targetSum), Mean(_gram), Mean(_cross), Mean(_targetSquare));
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

        _products.Add(_x.AsMemory(0, _pending * _inputs), _y.AsMemory(0, _pending * _outputs), _pending, _gram, _cross);
        _rows += _pending;
        _pending = 0;
    }

    private double[] Mean(double[] sums)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] /= _rows;
        return sums;
    }

    // NaN is not less than anything.
    private static bool Usable(ReadOnlySpan<float> row) => Math.Abs(TensorPrimitives.MaxMagnitude(row)) < Greatest;
}
