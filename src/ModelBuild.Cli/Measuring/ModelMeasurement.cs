using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Profiling;
using ModelBuild.Runtime;

namespace ModelBuild.Cli.Measuring;

/// <summary>Measures models in this process, which does nothing else.</summary>
internal static class ModelMeasurement
{
    // The session option that stops threads from spinning between runs. Sessions share the cores, so the spinning threads of one model would slow down another
    // one that runs.
    private const string StopSpinning = "session.force_spinning_stop";

    /// <summary>Loads and runs the models of a request.</summary>
    /// <exception cref="CompressionException">
    /// MB1003: a model does not load or run; MB1016: ONNX Runtime does not have the provider; MB1019: the inputs do not fit.
    /// </exception>
    public static MeasureAnswer Measure(MeasureRequest request, CancellationToken cancellationToken)
    {
        var models = new List<TimedModel>();
        try
        {
            models.AddRange(request.Models.Select(path => new TimedModel(path, request.Inputs, cancellationToken)));
            SmallestModel.Run(cancellationToken);
            var before = ProcessMemory.Reset();
            double[] loads = [.. models.Select(model => Guarded(model.Path, () => model.Load(Open)))];
            var loaded = ProcessMemory.Current() - before;
            double[] first = [.. models.Select(model => Guarded(model.Path, () => RunEach(model)))];
            var memory = models.Count == 1 ? new MemoryFigures(Math.Max(0, loaded), ProcessMemory.Peak() - before) : null;
            var runs = InterleavedRuns.Measure(models, request.Seconds, cancellationToken);
            return new MeasureAnswer
            {
                Models = [.. runs.Select((run, i) => new ModelTimes(loads[i], first[i], memory, run.Latency, run.Ratio))],
                Profile = request.Profile ? Profile() : null,
            };
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }

        InferenceSession Open(string path) =>
            Sessions.OpenAsApplication(
                path,
                request.Threads,
                options =>
                {
                    Append(options);
                    if (request.Models.Count > 1)
                        options.AddSessionConfigEntry(StopSpinning, "1");
                }
            );

        RunProfile Profile()
        {
            models.ForEach(model => model.Dispose());
            models.Clear();
            return new NodeProfiler(request.Inputs, request.Threads, Append).Measure(request.Models[0], cancellationToken);
        }

        void Append(SessionOptions options) => new ModelProvider(request.Provider).AppendTo(options);
    }

    // Runs each call once, because the memory of the process grows until each shape of the inputs has run. Returns the time of the first call.
    private static double RunEach(TimedModel model)
    {
        var first = model.Run(0);
        for (var call = 1; call <= model.Calls; call++)
            model.Run(call);
        return first;
    }

    private static double Guarded(string path, Func<double> work)
    {
        try
        {
            return work();
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime cannot run the model: {Sessions.Reason(exception)}", path, exception);
        }
        catch (ModelProviderException exception)
        {
            throw new CompressionException(
                Codes.OnnxRuntimeMissing,
                $"{exception.Message.TrimEnd('.')}. Name one that has it with --onnxruntime.",
                path,
                exception
            );
        }
    }
}
