using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Compilers;

/// <summary>The difference between the outputs of two models on the same inputs.</summary>
internal sealed class OutputDifference
{
    private readonly Dictionary<string, (double Signal, double Noise)> _floats = new(StringComparer.Ordinal);
    private long _others;
    private long _changed;

    /// <summary>The lowest ratio of signal to noise of the outputs that hold floats, in dB; 200 for equal outputs.</summary>
    public double SqnrDb => _floats.Values.Select(output => Decibels.Of(output.Signal, output.Noise)).DefaultIfEmpty(OutputFidelity.IdenticalDb).Min();

    /// <summary>The share of other values, such as indices, that differ.</summary>
    public double ChangedShare => _others == 0 ? 0 : _changed / (double)_others;

    /// <summary>Whether all outputs have the same bits.</summary>
    public bool IsNone => _changed == 0 && _floats.Values.All(output => output.Noise == 0);

    /// <summary>Adds one output of one call.</summary>
    /// <param name="name">The name of the output.</param>
    /// <param name="original">The values of the original.</param>
    /// <param name="exported">The values of the exported model.</param>
    public void Add(string name, OutputValues original, OutputValues exported)
    {
        if (!original.Shape.SequenceEqual(exported.Shape))
        {
            _floats[name] = (0, double.PositiveInfinity);
            return;
        }

        if (!original.IsFloat)
        {
            _others += original.Numbers.Length + original.Texts.Length;
            _changed += Different(original.Numbers, exported.Numbers) + Different(original.Texts, exported.Texts);
            return;
        }

        var (signal, noise) = _floats.GetValueOrDefault(name);
        foreach (var (x, y) in original.Numbers.Zip(exported.Numbers))
        {
            signal += double.IsFinite(x) ? x * x : 0;
            if (!x.Equals(y))
                noise += (x - y) * (x - y) is var error && double.IsNaN(error) ? double.PositiveInfinity : error;
        }

        _floats[name] = (signal, noise);
    }

    /// <summary>Returns the difference in words.</summary>
    public override string ToString()
    {
        if (IsNone)
            return "equal outputs";
        var numbers = _floats.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"outputs within {SqnrDb:0.0} dB") : null;
        var others = _changed > 0 ? string.Create(CultureInfo.InvariantCulture, $"{ChangedShare:P1} of the indices differ") : null;
        return string.Join(", ", new[] { numbers, others }.OfType<string>());
    }

    private static int Different<T>(T[] before, T[] after)
        where T : IEquatable<T> => before.Zip(after).Count(pair => !pair.First.Equals(pair.Second));
}
