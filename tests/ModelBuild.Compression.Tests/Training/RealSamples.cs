using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Training;

/// <summary>Creates synthetic inputs for real models, and batches of them.</summary>
internal static class RealSamples
{
    private const int Rows = 2;

    /// <summary>Returns the synthetic inputs on which the model runs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sizes">The sizes of open dimensions to try; none for the usual ones.</param>
    public static (ISampleSource Source, Sample First) Of(OnnxModel model, int[] sizes)
    {
        var problem = "";
        foreach (var guess in sizes.Length > 0 ? [.. sizes.Select(size => new DynamicDimensions(size, LoneIsBatch: false))] : DynamicDimensions.Guesses)
            try
            {
                var source = new SyntheticInputs(model, SignatureReader.Read(model), guess);
                var sample = source.Read(CancellationToken.None).First();
                using var runner = new ModelRunner(Sessions.OpenPortable(model));
                runner.Run(sample, CancellationToken.None);
                return (source, sample);
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
            {
                problem = exception.Message;
            }

        MissingData.SkipOrFail($"No inputs could be made on which the model runs: {problem}");
        return default;
    }

    /// <summary>Returns a batch of several rows, or the first sample if the batch of the model is fixed.</summary>
    public static Sample Batch(ISampleSource source, TrainableModel model) =>
        model.Obstacle is null && BatchRows.Take(source, model.BatchAxes, Rows, CancellationToken.None) is { } rows
            ? BatchRows.Join(rows, model.BatchAxes)
            : source.Read(CancellationToken.None).First();

    /// <summary>Removes the node that computes the only output, so that its first input becomes the output.</summary>
    public static void RemoveLastOperator(OnnxModel model)
    {
        var graph = new Graph(model);
        graph.SetOutputs([graph.Producer(graph.Proto.Output.Single().Name)!.Input[0]]);
    }

    /// <summary>Returns the float32 outputs for a batch.</summary>
    public static IReadOnlyDictionary<string, OutputValues> FloatOutputs(OnnxModel model, Sample batch)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        return runner
            .Outputs.Zip(runner.Run(batch, CancellationToken.None))
            .Where(pair => runner.IsFloatTensor(pair.First))
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }
}
