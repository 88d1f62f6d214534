using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>Values inside a model, for each of some calls.</summary>
/// <param name="names">Their names.</param>
/// <param name="calls">How many calls there are.</param>
internal sealed class KeptValues(IEnumerable<string> names, int calls)
{
    private readonly IReadOnlyDictionary<string, SampleArray>[] _calls = new IReadOnlyDictionary<string, SampleArray>[calls];

    /// <summary>The names of the values.</summary>
    public HashSet<string> Names { get; } = names.ToHashSet(StringComparer.Ordinal);

    /// <summary>The values of a call, and what the model itself was given.</summary>
    public Sample With(Sample sample, int call) =>
        Names.Count == 0 ? sample : new Sample(sample.Inputs.Concat(_calls[call]).ToDictionary(StringComparer.Ordinal), sample.Labels);

    /// <summary>Keeps the values of a call. Several threads may do so for different calls.</summary>
    public void Keep(int call, Func<string, SampleArray> value) => _calls[call] = Names.ToDictionary(name => name, value, StringComparer.Ordinal);
}
