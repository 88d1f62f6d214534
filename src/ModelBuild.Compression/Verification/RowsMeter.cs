namespace ModelBuild.Compression.Verification;

/// <summary>
/// Matches the rows of two sets one to one and measures F1. Rectangles match if they overlap enough, integers if they are equal, and other rows if the error
/// is at most a tenth of the row's norm. A row without a match counts as noise of its own size.
/// </summary>
/// <param name="areBoxes">Whether rows begin with a rectangle.</param>
internal sealed class RowsMeter(bool areBoxes)
{
    private const double Overlap = 0.5;
    private const double StrictOverlap = 0.75;
    private const double RelativeError = 0.1;

    // The index of the column with the score. Detectors with a fixed number of rows pad their output with rows of low scores, which do not count.
    private const int ScoreColumn = 4;
    private const double MinScore = 0.25;
    private const int BoxColumns = 4;
    private const int ScoredColumns = 6;

    private long _before;
    private long _after;
    private long _matched;
    private long _strict;
    private double _signal;
    private double _noise;
    private bool _areBoxes = areBoxes;

    /// <summary>Adds the sets of rows of one call. Both models must have the same number of sets.</summary>
    public void Add(double[][][] original, double[][][] compressed, bool isFloat)
    {
        foreach (var (before, after) in original.Zip(compressed))
            AddSet(WithScore(before), WithScore(after), isFloat);
    }

    /// <summary>Adds a number of rows that other meters compare by position.</summary>
    public void AddAligned(long rows)
    {
        _before += rows;
        _after += rows;
        _matched += rows;
        _strict += rows;
    }

    /// <summary>Returns <paramref name="fidelity"/> with the figures of the matching rows.</summary>
    public OutputFidelity Describe(OutputFidelity fidelity) =>
        fidelity with
        {
            SqnrDb = Decibels.Of(_signal, _noise),
            Matches = new MatchFigures(_before, _after, F1(_matched), _areBoxes ? F1(_strict) : null),
            Top1Agreement = null,
            WhyNotMeasured = _before + _after == 0 ? NotMeasured.Empty : fidelity.WhyNotMeasured,
        };

    private void AddSet(double[][] before, double[][] after, bool isFloat)
    {
        _before += before.Length;
        _after += after.Length;
        _areBoxes &= before.Concat(after).All(row => row.Length is BoxColumns or ScoredColumns);
        var areCorners = _areBoxes && RowOverlap.AreCorners(before);
        Func<double[], double[], double> nearness =
            _areBoxes ? (a, b) => RowOverlap.Of(a, b, areCorners)
            : isFloat ? Nearness
            : (a, b) => a.AsSpan().SequenceEqual(b) ? 1 : 0;
        var least = _areBoxes ? Overlap : 1 - RelativeError;
        var taken = new bool[after.Length];
        foreach (var (i, row) in before.Index())
        {
            _signal += Energy(row);
            var match = Match(row, i, after, taken, nearness, least);
            if (match < 0)
            {
                _noise += Energy(row);
                continue;
            }

            taken[match] = true;
            _matched++;
            _strict += nearness(row, after[match]) >= StrictOverlap ? 1 : 0;
            _noise += row.Zip(after[match], (x, y) => x.Equals(y) ? 0 : (x - y) * (x - y)).Sum();
        }

        _noise += after.Where((_, i) => !taken[i]).Sum(Energy);
    }

    // Returns the position of the row of the other model that matches a row best. An equal row at the same position is tried first, because most rows do not
    // move.
    private static int Match(double[] row, int place, double[][] after, bool[] taken, Func<double[], double[], double> nearness, double least)
    {
        if (place < after.Length && !taken[place] && row.AsSpan().SequenceEqual(after[place]))
            return place;
        var (best, found) = (least, -1);
        for (var i = 0; i < after.Length; i++)
        {
            if (taken[i])
                continue;
            var near = nearness(row, after[i]);
            if (near > best || (found < 0 && near == best))
                (best, found) = (near, i);
        }

        return found;
    }

    private static double Nearness(double[] a, double[] b)
    {
        if (a.AsSpan().SequenceEqual(b))
            return 1;
        var error = a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
        return 1 - Math.Sqrt(error / Energy(a));
    }

    private static double Energy(double[] row) => row.Where(double.IsFinite).Sum(value => value * value);

    private double[][] WithScore(double[][] rows) => _areBoxes ? [.. rows.Where(row => row.Length <= ScoreColumn || row[ScoreColumn] >= MinScore)] : rows;

    private double F1(long matched) => _before + _after == 0 ? 0 : 2.0 * matched / (_before + _after);
}
