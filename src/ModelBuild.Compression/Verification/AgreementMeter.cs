namespace ModelBuild.Compression.Verification;

/// <summary>Measures how often the class with the highest score is the same in both models, and how often it is the label.</summary>
/// <param name="axis">The axis of classes.</param>
/// <param name="hasBackground">
/// Whether a row may hold no class. Then a row does not count if its scores are negligible in both models compared with the highest score of the call.
/// </param>
internal sealed class AgreementMeter(int axis, bool hasBackground) : IMeter
{
    // The amount by which an accuracy must exceed that of random choice to count. With ten classes, this makes twice the accuracy of random choice.
    public const double BetterThanGuessing = 0.1;

    // The share of the highest score below which scores count as background, and an absolute minimum. Detectors ignore background scores, and in a sample
    // without any object all scores are noise.
    private const double Background = 0.05;
    private const double MinScore = 0.001;

    private long _rows;
    private long _sameTop;
    private long _labelled;
    private long _rightBefore;
    private long _rightAfter;
    private long _classes;

    public void Add(Compared call)
    {
        if (axis >= call.Before.Shape.Length || call.Before.Shape[axis] < 2)
            return;
        var (outer, classes, inner) = (call.Size(0, axis), (int)call.Before.Shape[axis], call.Size(axis + 1, call.Before.Shape.Length));
        var (labels, keptSize) = (call.Labels?.Length == outer * inner ? call.Labels : null, call.KeptSize);
        var background = hasBackground ? Math.Max(MinScore, Background * call.Before.Numbers.DefaultIfEmpty().Max()) : double.NegativeInfinity;
        _classes = classes;
        for (var row = 0; row < outer * inner; row++)
        {
            var start = (row / inner * classes * inner) + (row % inner);
            // A row of scores is skipped if the mask excludes all of its classes. The row counts if the mask keeps any of them.
            if (!Enumerable.Range(0, classes).Any(i => call.Counts(start + (i * inner), keptSize)))
                continue;
            var (before, top) = Top(call, call.Before.Numbers, start, classes, inner, keptSize);
            var (after, other) = Top(call, call.After.Numbers, start, classes, inner, keptSize);
            if (top < background && other < background)
                continue;
            _rows++;
            _sameTop += before == after ? 1 : 0;
            if (labels is null)
                continue;
            _labelled++;
            _rightBefore += before == labels[row] ? 1 : 0;
            _rightAfter += after == labels[row] ? 1 : 0;
        }
    }

    public OutputFidelity Describe(OutputFidelity fidelity) =>
        fidelity with
        {
            Top1Agreement = _rows == 0 ? null : (double)_sameTop / _rows,
            Accuracy = MeasuredAccuracy(),
            Rows = _rows,
        };

    // Returns the measured accuracy; null if it is not better than random choice. The labels then belong to another output of the model.
    private Accuracy? MeasuredAccuracy()
    {
        if (_labelled == 0)
            return null;
        var accuracy = new Accuracy((double)_rightBefore / _labelled, (double)_rightAfter / _labelled);
        return accuracy.Before >= (1.0 / _classes) + BetterThanGuessing ? accuracy : null;
    }

    // Returns the class with the highest score of a row, and the score. The class is −1, which does not exist, if any score is NaN.
    private static (int Class, double Score) Top(Compared call, double[] scores, int start, int classes, int step, int keptSize)
    {
        var top = -1;
        for (var i = 0; i < classes; i++)
        {
            var at = start + (i * step);
            if (!call.Counts(at, keptSize))
                continue;
            if (double.IsNaN(scores[at]))
                return (-1, double.PositiveInfinity);
            if (top < 0 || scores[at] > scores[start + (top * step)])
                top = i;
        }

        return (top, scores[start + (top * step)]);
    }
}
