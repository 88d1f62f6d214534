using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Calibration.Samples;

/// <summary>Keeps the first calls of another source in memory, because many passes read only the first calls. Later calls are read again each time.</summary>
/// <param name="source">The source of all calls.</param>
/// <param name="maxBytes">The largest number of bytes that the kept calls take.</param>
internal sealed class KeptSamples(ISampleSource source, long maxBytes) : ISampleSource
{
    private readonly Lock _gate = new();
    private List<Sample>? _kept;
    private bool _areAll;

    /// <inheritdoc/>
    public InputKind Kind => source.Kind;

    /// <inheritdoc/>
    public IEnumerable<Sample> Read(CancellationToken cancellationToken)
    {
        var kept = Kept(cancellationToken);
        foreach (var sample in kept)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return sample;
        }

        if (_areAll)
            yield break;
        foreach (var sample in source.Read(cancellationToken).Skip(kept.Count))
            yield return sample;
    }

    private List<Sample> Kept(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_kept is not null)
                return _kept;
            var kept = new List<Sample>();
            var bytes = 0L;
            using var samples = source.Read(cancellationToken).GetEnumerator();
            while (true)
            {
                if (!samples.MoveNext())
                {
                    _areAll = true;
                    break;
                }

                bytes += Bytes(samples.Current);
                if (bytes > maxBytes)
                    break;
                kept.Add(samples.Current);
            }

            return _kept = kept;
        }
    }

    private static long Bytes(Sample sample) =>
        sample.Inputs.Values.Sum(array => array.Data.LongLength + (array.Texts?.Sum(text => (long)text.Length * sizeof(char)) ?? 0));
}
