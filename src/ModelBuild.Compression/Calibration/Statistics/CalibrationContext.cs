using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Calibration by samples. Statistics that were collected once are kept, for as long as what gives the tensor stays the same.</summary>
internal sealed class CalibrationContext : ICalibrationContext
{
    private readonly Dictionary<(string Fingerprint, int? Axis), TensorStatistics> _collected = [];

    /// <summary>Divides the samples.</summary>
    /// <param name="samples">All calls, which <see cref="SampleDivision"/> divides.</param>
    /// <param name="threads">How many calls run side by side; null for one on each processor.</param>
    /// <param name="cancellationToken">Checked while the first calls are counted.</param>
    public CalibrationContext(ISampleSource samples, int? threads = null, CancellationToken cancellationToken = default)
    {
        var division = SampleDivision.Of(samples, cancellationToken);
        Fit = division.IsDivided ? new DividedSamples(samples, division, isHeldOut: false) : samples;
        HeldOut = division.IsDivided ? new DividedSamples(samples, division, isHeldOut: true) : samples;
        All = samples;
        Threads = threads ?? Environment.ProcessorCount;
    }

    public ISampleSource All { get; }

    public ISampleSource Fit { get; }

    public ISampleSource HeldOut { get; }

    public int Threads { get; }

    public IReadOnlyDictionary<string, TensorStatistics> Collect(OnnxModel model, StatisticsRequest request, CancellationToken cancellationToken)
    {
        var fingerprints = ValueFingerprints.Of(model);
        var asked = request.Tensors.Where(fingerprints.ContainsKey).Distinct(StringComparer.Ordinal).ToDictionary(
            tensor => tensor,
            tensor => (fingerprints[tensor], request.ChannelAxes.TryGetValue(tensor, out var axis) ? axis : (int?)null),
            StringComparer.Ordinal);
        string[] missing =
        [
            .. asked.Where(pair => !_collected.TryGetValue(pair.Value, out var known) || (request.Histograms && known.Histogram is null))
                .Select(pair => pair.Key),
        ];
        if (missing.Length > 0)
            foreach (var (tensor, statistics) in StatisticsCollector.Collect(model, Fit, request with { Tensors = missing }, Threads, cancellationToken))
                _collected[asked[tensor]] = statistics;
        return asked.Where(pair => _collected.ContainsKey(pair.Value)).ToDictionary(pair => pair.Key, pair => _collected[pair.Value], StringComparer.Ordinal);
    }
}
