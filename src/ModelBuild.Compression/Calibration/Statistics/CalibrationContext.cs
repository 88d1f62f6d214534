using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Calibration by samples. Statistics that were collected once are kept, for as long as what gives the tensor stays the same.</summary>
internal sealed class CalibrationContext : ICalibrationContext
{
    // Of calls that are kept in memory: about as many photographs as sweeps and judges read.
    private const long FitBytes = 24 << 20;
    private const long HeldOutBytes = 12 << 20;

    private readonly Dictionary<(string Fingerprint, int? Axis), TensorStatistics> _collected = [];

    /// <summary>Divides the samples.</summary>
    /// <param name="samples">All calls, which <see cref="SampleDivision"/> divides.</param>
    /// <param name="threads">How many calls run side by side; null for one on each processor.</param>
    /// <param name="cancellationToken">Checked while the first calls are counted.</param>
    public CalibrationContext(ISampleSource samples, int? threads = null, CancellationToken cancellationToken = default)
    {
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
            foreach (
                var (tensor, statistics) in StatisticsCollector.Collect(
                    model,
                    Fit,
                    request with
                    {
                        Tensors = missing,
                        Known = known,
                    },
                    Threads,
                    cancellationToken
                )
            )
                _collected[asked[tensor]] = statistics;
        return asked.Where(pair => _collected.ContainsKey(pair.Value)).ToDictionary(pair => pair.Key, pair => _collected[pair.Value], StringComparer.Ordinal);
    }
}
