using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Comparison;

/// <summary>
/// Accumulates the error of a value. Steps such as <c>equalize</c> multiply channels by factors that a later layer divides by, which is no error. If factors
/// for channels, fitted by least squares, remove most of the difference, the rest is the error.
/// </summary>
internal sealed class ChannelSums
{
    // Factors of channels are fitted only if there are at least this many elements for each channel. Otherwise the factors would remove a part of the error.
    private const int MinElementsPerChannel = 16;

    // Channels count as multiplied by factors if fitting the factors divides the squared error by more than this number, which is 6 dB. Fitting factors to the
    // noise of many elements removes far less.
    private const double RescaledFrom = 4;

    private double[] _firstSquares = [];
    private double[] _secondSquares = [];
    private double[] _products = [];
    private double _noise;
    private long _elements;
    private bool _isMismatched;

    /// <summary>Adds the values of one call, as the first and the second model compute them.</summary>
    public void Add(OutputValues first, OutputValues second)
    {
        if (!first.Shape.SequenceEqual(second.Shape))
        {
            _isMismatched = true;
            return;
        }

        var channels = first.Shape.Length > 1 ? (int)first.Shape[1] : 1;
        if (_products.Length == 0)
            (_firstSquares, _secondSquares, _products) = (new double[channels], new double[channels], new double[channels]);
        _isMismatched |= channels != _products.Length;
        if (_isMismatched || first.Numbers.Length == 0)
            return;
        var inner = first.Shape.Skip(2).Aggregate(1, (product, size) => product * (int)size);
        for (var i = 0; i < first.Numbers.Length; i++)
        {
            var (x, y, channel) = (first.Numbers[i], second.Numbers[i], i / inner % channels);
            _firstSquares[channel] += x * x;
            _secondSquares[channel] += y * y;
            _products[channel] += x * y;
            _noise += (x - y) * (x - y);
        }

        _elements += first.Numbers.Length;
    }

    /// <summary>Returns the ratio of signal to noise in dB, and whether channels are multiplied by factors; null if the values cannot be compared.</summary>
    public (double SqnrDb, bool IsRescaled)? Result()
    {
        var signal = _firstSquares.Sum();
        if (_isMismatched || signal == 0 || !double.IsFinite(signal))
            return null;
        var rest = _firstSquares.Select((square, i) => _secondSquares[i] == 0 ? square : square - (_products[i] * _products[i] / _secondSquares[i])).Sum();
        var isRescaled = _elements >= (long)MinElementsPerChannel * _products.Length && _noise > RescaledFrom * Math.Max(0, rest);
        return (Math.Round(Decibels.Of(signal, isRescaled ? Math.Max(0, rest) : _noise), 2), isRescaled && _noise > 0);
    }
}
