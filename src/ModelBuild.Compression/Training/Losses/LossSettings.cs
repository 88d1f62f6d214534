using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Optimizers;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// The settings of a loss that training learns: the temperature of class scores, and a factor for each term. The product of all factors stays 1.
/// </summary>
internal sealed class LossSettings
{
    private const double MinTemperature = 1;
    private const double MaxTemperature = 20;
    private const double MaxFactor = 100;

    // The amount by which the logarithm of a setting of the loss changes at each update.
    private const float Rate = 0.05f;

    private readonly List<(string Term, LossSetting Factor)> _factors = [];
    private readonly Adam _optimizer = new();

    /// <summary>Creates the settings with a first temperature.</summary>
    /// <param name="temperature">The first temperature.</param>
    public LossSettings(double temperature) =>
        Temperature = LossSetting.Learned("learned temperature", Math.Clamp(temperature, MinTemperature, MaxTemperature));

    /// <summary>The temperature by which class scores are divided.</summary>
    public LossSetting Temperature { get; }

    /// <summary>The number of learned factors.</summary>
    public int Count => _factors.Count;

    /// <summary>Returns a loss whose term has a learned factor.</summary>
    /// <param name="loss">A loss with one term.</param>
    public ILoss Learn(ILoss loss)
    {
        _factors.Add(("", LossSetting.Learned(FormattableString.Invariant($"learned factor {_factors.Count}"), 1)));
        var index = _factors.Count - 1;
        return new LearnedLoss(loss, _factors[index].Factor, term => _factors[index] = (term, _factors[index].Factor));
    }

    /// <summary>Changes the settings by one step against their gradients.</summary>
    /// <param name="temperature">The derivative of the judged loss by the logarithm of the temperature.</param>
    /// <param name="factors">Its derivative by the logarithm of each factor.</param>
    public void Update(double temperature, IReadOnlyList<double> factors)
    {
        var mean = factors.Average();
        Temperature.Logarithm!.Gradient[0] = (float)temperature;
        for (var i = 0; i < factors.Count; i++)
            _factors[i].Factor.Logarithm!.Gradient[0] = (float)(factors[i] - mean);
        _optimizer.Step([.. Logarithms], Rate);
        Limit(Temperature, MinTemperature, MaxTemperature);
        var centre = _factors.Average(factor => factor.Factor.Logarithm!.Values[0]);
        foreach (var (_, factor) in _factors)
        {
            factor.Logarithm!.Values[0] -= centre;
            Limit(factor, 1 / MaxFactor, MaxFactor);
        }
    }

    /// <summary>Returns the present values of the settings by name.</summary>
    public IReadOnlyDictionary<string, double> Values()
    {
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal) { ["temperature"] = Temperature.Value };
        if (_factors.Count > 1)
            foreach (var (index, (term, factor)) in _factors.Index())
                values[_factors.Count(other => other.Term == term) > 1 ? FormattableString.Invariant($"factor of {term} {index + 1}") : $"factor of {term}"] =
                    factor.Value;
        return values;
    }

    /// <summary>Returns the settings as named arrays, for checkpoints.</summary>
    public IReadOnlyDictionary<string, float[]> Save() =>
        _optimizer.State.Concat(Logarithms.Select(one => KeyValuePair.Create(one.Name, one.Values))).ToDictionary(StringComparer.Ordinal);

    /// <summary>Replaces the settings by saved ones.</summary>
    public void Restore(IReadOnlyDictionary<string, float[]> saved)
    {
        foreach (var one in Logarithms)
            saved[one.Name].CopyTo(one.Values, 0);
        var names = Logarithms.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        _optimizer.Restore(saved.Where(pair => pair.Key.Contains('/') && !names.Contains(pair.Key)).ToDictionary(StringComparer.Ordinal));
    }

    private IEnumerable<Parameter> Logarithms => _factors.Select(factor => factor.Factor.Logarithm!).Prepend(Temperature.Logarithm!);

    private static void Limit(LossSetting setting, double least, double most) =>
        setting.Logarithm!.Values[0] = Math.Clamp(setting.Logarithm.Values[0], (float)Math.Log(least), (float)Math.Log(most));
}
