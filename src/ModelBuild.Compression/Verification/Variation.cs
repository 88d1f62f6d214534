using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Measures whether an output of the original varies between calls, or between rows if there is only one call.</summary>
/// <param name="isProbability">Whether the elements are probabilities. They have no meaning if all stay next to 0 or next to 1.</param>
internal sealed class Variation(bool isProbability)
{
    private const double NextTo = 0.001;

    private OutputValues? _first;
    private bool _varies;
    private bool _changesSides;
    private bool _isSaturated = isProbability;
    private int _calls;

    /// <summary>Adds the values of the output in one call of the original.</summary>
    public void Add(OutputValues values)
    {
        _calls++;
        _isSaturated = _isSaturated && values.Numbers.All(value => value <= NextTo || value >= 1 - NextTo);
        if (_first is null)
        {
            _first = values;
            return;
        }

        var count = Math.Min(_first.Numbers.Length, values.Numbers.Length);
        // A last call with fewer values is not counted as a variation of the output if its values equal the leading values of the first call.
        _varies |=
            !_first.Texts.SequenceEqual(values.Texts)
            || !_first.Numbers.AsSpan(0, count).SequenceEqual(values.Numbers.AsSpan(0, count))
            || !_first.Shape.Skip(1).SequenceEqual(values.Shape.Skip(1));
        for (var i = 0; i < count && _isSaturated; i++)
            _changesSides |= Math.Round(_first.Numbers[i]) != Math.Round(values.Numbers[i]);
    }

    /// <summary>Returns the reason why the output has no meaning, or null when it has one or there are not two inputs to compare.</summary>
    public NotMeasured? WhyNot()
    {
        if (_first is null || _first.Numbers.Length + _first.Texts.Length == 0)
            return null;
        if (_calls == 1)
            (_varies, _changesSides) = WithinCall(_first);
        return !_varies ? NotMeasured.Constant
            : _isSaturated && !_changesSides ? NotMeasured.Saturated
            : null;
    }

    private static (bool Varies, bool ChangesSides) WithinCall(OutputValues values)
    {
        if (values.Shape.Length == 0 || values.Shape[0] < 2 || values.Texts.Length > 0)
            return (true, true);
        var size = values.Numbers.Length / (int)values.Shape[0];
        var rows = values.Numbers.Chunk(size).ToArray();
        return (
            rows.Any(row => !row.AsSpan().SequenceEqual(rows[0])),
            rows.Any(row => row.Zip(rows[0], (x, y) => Math.Round(x) != Math.Round(y)).Any(differs => differs))
        );
    }
}
