using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>The real data that a recipe's steps share: samples, or statistics that a calibration file keeps of them, or both.</summary>
internal interface ICalibrationContext
{
    /// <summary>All samples; null when there are only statistics.</summary>
    ISampleSource? All { get; }

    /// <summary>The samples that steps fit to; null when there are only statistics.</summary>
    ISampleSource? Fit { get; }

    /// <summary>
    /// The samples on which fitted alternatives are judged; the same as <see cref="Fit"/> when there are too few to hold some out; null when there
    /// are only statistics.
    /// </summary>
    ISampleSource? HeldOut { get; }

    /// <summary>How many calls may run side by side; results do not depend on it.</summary>
    int Threads { get; }

    /// <summary>The statistics of <paramref name="model"/>'s values as it stands, over the samples to fit to, or from the calibration file.</summary>
    /// <exception cref="Diagnostics.CompressionException">MB1019: the calibration file does not know one of the tensors.</exception>
    IReadOnlyDictionary<string, TensorStatistics> Collect(OnnxModel model, StatisticsRequest request, CancellationToken cancellationToken);
}
