namespace ModelBuild.Compression.Verification;

/// <summary>Compares independent probabilities by decisions: of the positive decisions in either model, the share that is positive in both.</summary>
internal sealed class DecisionMeter : IMeter
{
    private const double Threshold = 0.5;

    private long _either;
    private long _both;

    public void Add(Compared call)
    {
        var (original, compressed, keptSize) = (call.Before.Numbers, call.After.Numbers, call.KeptSize);
        for (var i = 0; i < original.Length; i++)
        {
            if (!call.Counts(i, keptSize))
                continue;
            var (before, after) = (original[i] >= Threshold, compressed[i] >= Threshold);
            _either += before || after ? 1 : 0;
            _both += before && after ? 1 : 0;
        }
    }

    public OutputFidelity Describe(OutputFidelity fidelity) => fidelity with { Top1Agreement = _either == 0 ? null : (double)_both / _either };
}
