using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Creates a calibration file: the statistics of a model's values on real data, so that builds do not need the data.</summary>
internal static class Calibrator
{
    /// <summary>Optimizes the model as recipes do, runs it on the data, and collects the statistics of its values.</summary>
    /// <param name="modelPath">The file of the model.</param>
    /// <param name="data">Files with real inputs, in the order in which they are read.</param>
    /// <param name="progress">Receives the work that is done, in words.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The text of the file, and its counts. The same model and data give the same text on one machine.</returns>
    /// <exception cref="OnnxException">The model cannot be read.</exception>
    /// <exception cref="CompressionException">MB1003: ONNX Runtime does not load the model; MB1019: the data cannot be used.</exception>
    public static CalibrationSummary Calibrate(
        string modelPath,
        IReadOnlyList<string> data,
        IProgress<WorkLine>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Count == 0)
            throw new CompressionException(Codes.CalibrationData, "There is no calibration data. Name files with real inputs.");
        var work = new WorkLog(progress);
        work.Enter("reading");
        var model = OnnxModel.Load(modelPath, new OnnxLoadOptions { MapWeights = true }, cancellationToken);
        string[] files = [modelPath, .. model.ExternalFiles];
        var samples = new CalibrationFiles(data, SignatureReader.Read(model));
        SampleFaults.Check(samples, modelPath, cancellationToken);
        var origin = CalibrationOrigin.Of(modelPath, data, samples, cancellationToken);
        RecipePipeline.Run(model, RecipePipeline.Optimize, cancellationToken);

        work.Enter($"running it on {origin.Rows} rows");
        var request = CalibrationRequest.Of(model);
        var statistics = StatisticsCollector.Collect(model, samples, request, Environment.ProcessorCount, cancellationToken);
        var fingerprints = ValueFingerprints.Of(model);
        var tensors = request
            .Tensors.Where(statistics.ContainsKey)
            .Select(tensor =>
                StoredTensor.Of(tensor, fingerprints[tensor], statistics[tensor], request.ChannelAxes.TryGetValue(tensor, out var axis) ? axis : null)
            );
        var document = new CalibrationDocument(CalibrationDocument.CurrentSchema, EngineVersion.Text, CalibratedModel.Of(files), origin, [.. tensors]);
        return new CalibrationSummary(CalibrationFile.ToJson(document), document.Tensors.Count, origin.Calls, origin.Rows);
    }
}
