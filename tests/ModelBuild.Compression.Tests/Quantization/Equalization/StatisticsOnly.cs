using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Equalization;

/// <summary>Gives the calibration of a calibration file, which has no samples.</summary>
internal sealed class StatisticsOnly(CalibrationContext calibration) : ICalibrationContext
{
    public ISampleSource? All => null;

    public ISampleSource? Fit => null;

    public ISampleSource? HeldOut => null;

    public int Threads => 1;

    public IReadOnlyDictionary<string, TensorStatistics> Collect(OnnxModel model, StatisticsRequest request, CancellationToken cancellationToken) =>
        calibration.Collect(model, request, cancellationToken);
}
