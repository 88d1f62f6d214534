using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Calibration by samples. Statistics of a tensor are collected once and reused while the computation of the tensor stays the same.</summary>
internal sealed class CalibrationContext : ICalibrationContext
{
    // The limits in bytes of the calls that stay in memory. Within the limits, about as many photographs stay in memory as the sweeps and the evaluation read.
    private const long FitBytes = 24 << 20;
    private const long HeldOutBytes = 12 << 20;

    private readonly Dictionary<(string Fingerprint, int? Axis), TensorStatistics> _collected = [];
    private readonly SharedStatistics? _shared;

    /// <summary>Divides the samples into those to fit to and the held-out samples.</summary>
    /// <param name="samples">The source of all calls. <see cref="SampleDivision"/> divides it.</param>
    /// <param name="threads">The number of parallel calls; null for one per CPU core.</param>
    /// <param name="shared">The statistics that processes with the same samples share; null to share none.</param>
    /// <param name="cancellationToken">Cancels the counting of calls.</param>
    public CalibrationContext(ISampleSource samples, int? threads = null, SharedStatistics? shared = null, CancellationToken cancellationToken = default)
    {
        _shared = shared;
        var division = SampleDivision.Of(samples, cancellationToken);
        Fit = new KeptSamples(division.IsDivided ? new DividedSamples(samples, division, isHeldOut: false) : samples, FitBytes);
        HeldOut = division.IsDivided ? new KeptSamples(new DividedSamples(samples, division, isHeldOut: true), HeldOutBytes) : Fit;
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
        var asked = request
            .Tensors.Where(fingerprints.ContainsKey)
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(
                tensor => tensor,
                tensor => (fingerprints[tensor], request.ChannelAxes.TryGetValue(tensor, out var axis) ? axis : (int?)null),
                StringComparer.Ordinal
            );
        string[] missing =
        [
            .. asked
                .Where(pair => !_collected.TryGetValue(pair.Value, out var known) || (request.Histograms && known.Histogram is null))
                .Select(pair => pair.Key),
        ];
        var known = missing
            .Where(tensor => _collected.ContainsKey(asked[tensor]))
            .ToDictionary(tensor => tensor, tensor => _collected[asked[tensor]], StringComparer.Ordinal);
        if (missing.Length > 0)
            foreach (var (tensor, statistics) in Collect(model, fingerprints, request with { Tensors = missing, Known = known }, cancellationToken))
                _collected[asked[tensor]] = statistics;
        return asked.Where(pair => _collected.ContainsKey(pair.Value)).ToDictionary(pair => pair.Key, pair => _collected[pair.Value], StringComparer.Ordinal);
    }

    private IReadOnlyDictionary<string, TensorStatistics> Collect(
        OnnxModel model,
        IReadOnlyDictionary<string, string> fingerprints,
        StatisticsRequest request,
        CancellationToken cancellationToken
    )
    {
        if (_shared?.Find(fingerprints, request) is { } known)
            return known;
        var collected = StatisticsCollector.Collect(model, Fit, request, Threads, cancellationToken);
        _shared?.Add(fingerprints, request, collected);
        return collected;
    }
}
