namespace ModelBuild.Compression.Verification;

/// <summary>Measures signal and noise, the largest error, and the peak signal-to-noise ratio of images.</summary>
/// <param name="isImage">Whether the output holds images.</param>
internal sealed class NumbersMeter(bool isImage) : IMeter
{
    private double _signal;
    private double _noise;
    private double _maxError;
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private long _compared;

    public void Add(Compared call)
    {
        var (original, compressed, keptSize) = (call.Before.Numbers, call.After.Numbers, call.KeptSize);
        for (var i = 0; i < original.Length; i++)
        {
            if (!call.Counts(i, keptSize))
                continue;
            var (x, y) = (original[i], compressed[i]);
            // Elements that are the same infinity, or NaN, in both models are equal outputs and are not measured.
            if (x.Equals(y) && !double.IsFinite(x))
                continue;
            _compared++;
            (_min, _max) = (Math.Min(_min, x), Math.Max(_max, x));
            _signal += double.IsFinite(x) ? x * x : 0;
            if (x.Equals(y))
                continue;
            var error = x - y;
            _noise += error * error;
            _maxError = Math.Max(_maxError, double.IsNaN(error) ? double.PositiveInfinity : Math.Abs(error));
        }
    }

    public OutputFidelity Describe(OutputFidelity fidelity) =>
        fidelity with
        {
            SqnrDb = Decibels.Of(_signal, _noise),
            MaxAbsoluteError = _maxError,
            PsnrDb = isImage && _compared > 0 ? Decibels.Of((_max - _min) * (_max - _min), _noise / _compared) : null,
            WhyNotMeasured = fidelity.IsFloat && _compared == 0 ? NotMeasured.NotFinite : fidelity.WhyNotMeasured,
        };
}
