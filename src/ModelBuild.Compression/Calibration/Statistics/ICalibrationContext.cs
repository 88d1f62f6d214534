using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>The real data that the steps of a recipe share: samples, or their statistics from a calibration file.</summary>
internal interface ICalibrationContext
{
    /// <summary>All samples; null when there are only statistics.</summary>
    ISampleSource? All { get; }

    /// <summary>The samples that steps fit to; null when there are only statistics.</summary>
    ISampleSource? Fit { get; }

    /// <summary>
    /// The samples on which fitted alternatives are evaluated. They are those of <see cref="Fit"/> when there are too few to hold some out, and null when
    /// there are only statistics.
    /// </summary>
    ISampleSource? HeldOut { get; }

    /// <summary>The number of calls that may run in parallel. Results do not depend on it.</summary>
    int Threads { get; }

    /// <summary>Returns the statistics of values of the current <paramref name="model"/>, from the samples to fit to or from the calibration file.</summary>
    /// <exception cref="Diagnostics.CompressionException">MB1019: the calibration file has no statistics of one of the tensors.</exception>
    IReadOnlyDictionary<string, TensorStatistics> Collect(OnnxModel model, StatisticsRequest request, CancellationToken cancellationToken);
}
