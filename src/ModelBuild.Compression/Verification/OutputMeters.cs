using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Compares all parts of an output plan over all calls.</summary>
internal sealed class OutputMeters
{
    private readonly OutputPlan _plan;
    private readonly OutputMeter[] _meters;
    private readonly Dictionary<string, int> _places;

    // The meters of outputs that are compared as a whole, because their shape differs from that in the first call, so that their parts are unknown.
    private readonly Dictionary<string, OutputMeter> _uncut = new(StringComparer.Ordinal);

    public OutputMeters(OutputPlan plan)
    {
        _plan = plan;
        _meters = [.. plan.Parts.Select(part => new OutputMeter(part, plan.HasInputs))];
        _places = plan.Outputs.Concat(plan.Observed).Index().ToDictionary(value => value.Item, value => value.Index, StringComparer.Ordinal);
    }

    /// <summary>Adds the values of one call: outputs first, then observed values; null for values that the compressed model does not have.</summary>
    public void Add(IReadOnlyList<OutputValues?> original, IReadOnlyList<OutputValues?> compressed, Sample sample)
    {
        var whole = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (part, meter) in _plan.Parts.Zip(_meters))
        {
            var place = _places[part.Output];
            if (original[place] is not { } before)
                continue;
            var after = compressed[place];
            var kept = MaskRule.Kept(part, sample, before);
            if (part.Ranges.Count == 0)
                meter.Add(before, after, sample.Labels, kept);
            else if (part.Ranges.All(range => range.Fits(before.Shape) && (after is null || range.Fits(after.Shape))) && before.Numbers.Length > 0)
                meter.Add(Cut(part, before), after is null ? null : Cut(part, after), sample.Labels, kept);
            else if (whole.Add(part.Output))
                Uncut(part.Output).Add(before, after, sample.Labels, kept);
        }
    }

    /// <summary>Returns the figures of all parts over all calls so far.</summary>
    public IReadOnlyList<OutputFidelity> Results() =>
        [.. _meters.Select(meter => meter.Result()).Where(result => !IsUnused(result)), .. _uncut.Values.Select(meter => meter.Result())];

    // Returns whether a part of an output was never measured, because the output was compared as a whole in all calls.
    private bool IsUnused(OutputFidelity result) => result is { Part: not null, WhyNotMeasured: NotMeasured.Empty } && _uncut.ContainsKey(result.Output);

    private static OutputValues Cut(ComparedPart part, OutputValues values) => part.Ranges.Aggregate(values, (cut, range) => range.Cut(cut));

    private OutputMeter Uncut(string output)
    {
        if (!_uncut.TryGetValue(output, out var meter))
            _uncut[output] = meter = new OutputMeter(new ComparedPart(output, FidelityKind.Numbers), _plan.HasInputs);
        return meter;
    }
}
