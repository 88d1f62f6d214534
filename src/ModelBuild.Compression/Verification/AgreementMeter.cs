namespace ModelBuild.Compression.Verification;

/// <summary>How often the class with the highest score is the same, and is the label.</summary>
/// <param name="axis">The axis of classes.</param>
/// <param name="hasBackground">
/// Whether a row may hold no class: rows whose scores are next to nothing in both models, beside the highest score of the call, do not count.
/// </param>
internal sealed class AgreementMeter(int axis, bool hasBackground) : IMeter
{
    // A tenth: of ten classes, twice as often right as a guess.
    private const double BetterThanGuessing = 0.1;

    // Detectors drop scores below a threshold, and hardly any is lower than this share of what they find. Where nothing is found, noise is no score either.
    private const double Background = 0.05;
    private const double LeastScore = 0.001;

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
        var background = hasBackground ? Math.Max(LeastScore, Background * call.Before.Numbers.DefaultIfEmpty().Max()) : double.NegativeInfinity;
        _classes = classes;
        for (var row = 0; row < outer * inner; row++)
        {
            var start = (row / inner * classes * inner) + (row % inner);
            // Where the mask is over the classes themselves, some class of the row counts.
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

    // An output that is right no more often than a guess is not what the labels are about (boxes beside classes): it has no accuracy to lose.
    private Accuracy? MeasuredAccuracy()
    {
        if (_labelled == 0)
            return null;
        var accuracy = new Accuracy((double)_rightBefore / _labelled, (double)_rightAfter / _labelled);
        return accuracy.Before >= (1.0 / _classes) + BetterThanGuessing ? accuracy : null;
    }

    // Where anything is not a number there is no highest score: −1, which is no class.
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
