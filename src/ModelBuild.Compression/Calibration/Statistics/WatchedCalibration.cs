using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Hands calibration data on, and notes whether a step asked for what it fits to.</summary>
internal sealed class WatchedCalibration(ICalibrationContext calibration) : ICalibrationContext
{
    /// <summary>Whether a step asked for samples to fit to, or for statistics of them.</summary>
    public bool WasFittedTo { get; private set; }

    public ISampleSource? All => calibration.All;

    public ISampleSource? Fit
    {
        get
        {
            WasFittedTo |= calibration.Fit is not null;
            return calibration.Fit;
        }
    }

    public ISampleSource? HeldOut => calibration.HeldOut;

    public int Threads => calibration.Threads;

    public IReadOnlyDictionary<string, TensorStatistics> Collect(OnnxModel model, StatisticsRequest request, CancellationToken cancellationToken)
    {
        WasFittedTo = true;
        return calibration.Collect(model, request, cancellationToken);
    }
}
