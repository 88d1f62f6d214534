using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>Holds values inside a model for each of several calls, so that the nodes before them need not run again.</summary>
/// <param name="names">The names of the values.</param>
/// <param name="calls">The number of calls.</param>
internal sealed class KeptValues(IEnumerable<string> names, int calls)
{
    private readonly IReadOnlyDictionary<string, SampleArray>[] _calls = new IReadOnlyDictionary<string, SampleArray>[calls];

    /// <summary>The names of the values that are kept for each call.</summary>
    public HashSet<string> Names { get; } = names.ToHashSet(StringComparer.Ordinal);

    /// <summary>Returns the inputs of the model together with the kept values of a call.</summary>
    public Sample With(Sample sample, int call) =>
        Names.Count == 0 ? sample : new Sample(sample.Inputs.Concat(_calls[call]).ToDictionary(StringComparer.Ordinal), sample.Labels);

    /// <summary>Keeps the values of a call. Several threads may call this method for different calls of the model.</summary>
    public void Keep(int call, Func<string, SampleArray> value) => _calls[call] = Names.ToDictionary(name => name, value, StringComparer.Ordinal);
}
