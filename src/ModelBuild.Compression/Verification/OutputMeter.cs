using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Compares one output of the original and the compressed model, sample after sample, in constant memory.</summary>
internal sealed class OutputMeter(string name)
{
    // A tenth: of ten classes, twice as often right as a guess.
    private const double BetterThanGuessing = 0.1;

    private double _signal;
    private double _noise;
    private double _maxError;
    private long _rows;
    private long _sameTop;
    private long _labelled;
    private long _rightBefore;
    private long _rightAfter;
    private long _classes;
    private bool _isFloat;
    private bool _mismatch;

    /// <summary>Adds one call's results.</summary>
    /// <param name="original">What the original gave.</param>
    /// <param name="compressed">What the compressed model gave.</param>
    /// <param name="labels">The true class of each row, or null.</param>
    public void Add(OutputValues original, OutputValues compressed, long[]? labels)
    {
        _isFloat |= original.IsFloat;
        if (!original.Shape.SequenceEqual(compressed.Shape) || original.Numbers.Length != compressed.Numbers.Length
            || (original.IsFloat && !original.Texts.SequenceEqual(compressed.Texts)))
        {
            // As many detections, sequences or tokens as before, under the same keys, is part of the answer.
            _mismatch = true;
            return;
        }

        AddNumbers(original.Numbers, compressed.Numbers);
        if (original.IsFloat && original.Shape is [var rows, > 1 and var classes])
            AddTop(original.Numbers, compressed.Numbers, (int)rows, (int)classes, labels);
        else if (!original.IsFloat)
            AddEqual(original, compressed, labels);
    }

    /// <summary>What was measured so far.</summary>
    public OutputFidelity Result() => new(
        name,
        _isFloat,
        _mismatch ? -OutputFidelity.IdenticalDb : Decibels(_signal, _noise),
        _mismatch ? 0 : _rows == 0 ? null : (double)_sameTop / _rows,
        _maxError,
        MeasuredAccuracy());

    // An output that is right no more often than a guess is not what the labels are about (boxes beside classes): it has no accuracy to lose.
    private Accuracy? MeasuredAccuracy()
    {
        if (_labelled == 0)
            return null;
        var accuracy = new Accuracy((double)_rightBefore / _labelled, (double)_rightAfter / _labelled);
        return accuracy.Before >= 1.0 / _classes + BetterThanGuessing ? accuracy : null;
    }

    private static double Decibels(double signal, double noise) =>
        noise == 0 ? OutputFidelity.IdenticalDb : double.IsNaN(noise) || signal == 0 ? -OutputFidelity.IdenticalDb : Math.Clamp(10 * Math.Log10(signal / noise), -OutputFidelity.IdenticalDb, OutputFidelity.IdenticalDb);

    private void AddNumbers(double[] original, double[] compressed)
    {
        for (var i = 0; i < original.Length; i++)
        {
            var (x, y) = (original[i], compressed[i]);
            // The same infinity, or not a number on both sides, is the same answer.
            if (x.Equals(y))
            {
                if (double.IsFinite(x))
                    _signal += x * x;
                continue;
            }

            var error = x - y;
            _signal += double.IsFinite(x) ? x * x : 0;
            _noise += error * error;
            _maxError = Math.Max(_maxError, double.IsNaN(error) ? double.PositiveInfinity : Math.Abs(error));
        }
    }

    private void AddTop(double[] original, double[] compressed, int rows, int classes, long[]? labels)
    {
        labels = labels?.Length == rows ? labels : null;
        _classes = classes;
        for (var row = 0; row < rows; row++)
        {
            var before = Top(original.AsSpan(row * classes, classes));
            var after = Top(compressed.AsSpan(row * classes, classes));
            Count(before == after, row, labels, label => (before == label, after == label));
        }
    }

    private void AddEqual(OutputValues original, OutputValues compressed, long[]? labels)
    {
        labels = original.Shape is [var rows] && labels?.Length == rows && original.Texts.Length == 0 ? labels : null;
        _classes = Math.Max(_classes, (labels ?? []).DefaultIfEmpty().Max() + 1);
        for (var i = 0; i < original.Numbers.Length; i++)
        {
            var (before, after) = (original.Numbers[i], compressed.Numbers[i]);
            Count(before.Equals(after), i, labels, label => (before == label, after == label));
        }

        for (var i = 0; i < original.Texts.Length; i++)
            Count(original.Texts[i] == compressed.Texts[i], i, labels: null, _ => default);
    }

    private void Count(bool same, int row, long[]? labels, Func<long, (bool Before, bool After)> isRight)
    {
        _rows++;
        _sameTop += same ? 1 : 0;
        if (labels is null)
            return;
        var (before, after) = isRight(labels[row]);
        _labelled++;
        _rightBefore += before ? 1 : 0;
        _rightAfter += after ? 1 : 0;
    }

    // Where anything is not a number there is no highest score: −1, which is no class.
    private static int Top(ReadOnlySpan<double> scores)
    {
        var top = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
                return -1;
            if (scores[i] > scores[top])
                top = i;
        }

        return top;
    }
}
