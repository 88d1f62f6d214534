using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Compilers;

/// <summary>The difference between the outputs of two models on the same inputs.</summary>
internal sealed class OutputDifference
{
    private readonly Dictionary<string, OutputSums> _floats = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long All, long Changed)> _others = new(StringComparer.Ordinal);

    /// <summary>The lowest ratio of signal to noise of the outputs that hold floats, in dB; 200 for equal outputs.</summary>
    public double SqnrDb => _floats.Values.Select(output => output.SqnrDb).DefaultIfEmpty(OutputFidelity.IdenticalDb).Min();

    /// <summary>The lowest ratio of signal to noise of a slice of an output, such as one channel, in dB; 200 for equal outputs.</summary>
    public double SliceDb => _floats.Values.Select(output => output.SliceDb).DefaultIfEmpty(OutputFidelity.IdenticalDb).Min();

    /// <summary>The largest share of values that differ, of the outputs that hold other values than floats, such as indices.</summary>
    public double ChangedShare => _others.Values.Select(output => output.All == 0 ? 0 : output.Changed / (double)output.All).DefaultIfEmpty(0).Max();

    /// <summary>Whether all outputs of the two models have the same bits.</summary>
    public bool IsNone => _others.Values.All(output => output.Changed == 0) && _floats.Values.All(output => output.Noise == 0);

    /// <summary>The names of the outputs of which no value could be compared: they are empty, or have no finite value.</summary>
    public IEnumerable<string> Empty =>
        _floats
            .Where(output => output.Value.Finite == 0 && output.Value.Noise == 0)
            .Select(output => output.Key)
            .Concat(_others.Where(output => output.Value.All == 0).Select(output => output.Key));

    /// <summary>Adds the values of one output in one call of both models.</summary>
    /// <param name="name">The name of the output.</param>
    /// <param name="original">The values of the original.</param>
    /// <param name="exported">The values of the exported model.</param>
    public void Add(string name, OutputValues original, OutputValues exported)
    {
        var hasShape = original.Shape.SequenceEqual(exported.Shape);
        if (original.IsFloat || !hasShape)
        {
            if (!_floats.TryGetValue(name, out var sums))
                _floats[name] = sums = new OutputSums();
            if (hasShape)
                sums.Add(original, exported);
            else
                sums.Fail();
            return;
        }

        var (all, changed) = _others.GetValueOrDefault(name);
        _others[name] = (
            all + original.Numbers.Length + original.Texts.Length,
            changed + Different(original.Numbers, exported.Numbers) + Different(original.Texts, exported.Texts)
        );
    }

    /// <summary>Returns the text that describes the difference in messages.</summary>
    public override string ToString()
    {
        if (IsNone)
            return "equal outputs";
        var numbers = _floats.Count > 0 ? $"outputs within {SignedNumber.Of(SqnrDb, 1)} dB" : null;
        var others = ChangedShare > 0 ? string.Create(CultureInfo.InvariantCulture, $"{ChangedShare:P1} of the indices differ") : null;
        return string.Join(", ", new[] { numbers, others }.OfType<string>());
    }

    private static int Different<T>(T[] before, T[] after)
        where T : IEquatable<T> => before.Zip(after).Count(pair => !pair.First.Equals(pair.Second));
}
