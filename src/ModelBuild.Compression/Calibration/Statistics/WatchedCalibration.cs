using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>Returns the calibration data of another context, and records whether a step requested data to fit to.</summary>
internal sealed class WatchedCalibration(ICalibrationContext calibration) : ICalibrationContext
{
    /// <summary>Whether a step requested samples to fit to or statistics of them.</summary>
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
