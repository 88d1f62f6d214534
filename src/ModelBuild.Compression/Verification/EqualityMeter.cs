using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Measures the share of equal integers, flags or texts. Integers that are classes also have an accuracy.</summary>
internal sealed class EqualityMeter : IMeter
{
    private const double BetterThanGuessing = 0.1;

    private long _elements;
    private long _same;
    private long _labelled;
    private long _rightBefore;
    private long _rightAfter;
    private long _classes;

    public void Add(Compared call)
    {
        var (original, compressed) = (call.Before, call.After);
        var labels = Rows(original) == call.Labels?.Length && original.Texts.Length == 0 ? call.Labels : null;
        _classes = Math.Max(_classes, (labels ?? []).DefaultIfEmpty().Max() + 1);
        var keptSize = call.KeptSize;
        for (var i = 0; i < original.Numbers.Length; i++)
        {
            if (!call.Counts(i, keptSize))
                continue;
            var (before, after) = (original.Numbers[i], compressed.Numbers[i]);
            Count(before.Equals(after));
            if (labels is null)
                continue;
            _labelled++;
            _rightBefore += before == labels[i] ? 1 : 0;
            _rightAfter += after == labels[i] ? 1 : 0;
        }

        for (var i = 0; i < original.Texts.Length; i++)
            Count(original.Texts[i] == compressed.Texts[i]);
    }

    public OutputFidelity Describe(OutputFidelity fidelity)
    {
        var accuracy = _labelled == 0 ? null : new Accuracy((double)_rightBefore / _labelled, (double)_rightAfter / _labelled);
        return fidelity with
        {
            Top1Agreement = _elements == 0 ? null : (double)_same / _elements,
            Accuracy = accuracy?.Before >= (1.0 / _classes) + BetterThanGuessing ? accuracy : null,
        };
    }

    // Returns the number of rows if the values have one number for each row, [N], [N, 1], and so on; null otherwise.
    private static int? Rows(OutputValues values) => values.Shape.Length > 0 && values.Shape.Skip(1).All(size => size == 1) ? values.Numbers.Length : null;

    private void Count(bool same)
    {
        _elements++;
        _same += same ? 1 : 0;
    }
}
