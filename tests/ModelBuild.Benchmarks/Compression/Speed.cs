using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>Compares the times of models: interleaved calls in one process, on one thread that stays on one core, without spinning.</summary>
internal static class Speed
{
    /// <summary>Measures calls with <paramref name="sample"/>.</summary>
    /// <param name="sample">The inputs.</param>
    /// <param name="models">The file of the original, and those of its results.</param>
    /// <returns>A measurement for each model; ratios are relative to the first one.</returns>
    public static IReadOnlyList<Measurement> Measure(Sample sample, IReadOnlyList<string> models)
    {
        var runners = new List<ModelRunner>();
        try
        {
            foreach (var model in models)
                runners.Add(Open(model));
            return OnOneProcessor(() =>
                Interleaved.Measure([.. runners.Select((runner, i) => (models[i], (Action)(() => runner.Run(sample, CancellationToken.None))))])
            );
        }
        finally
        {
            runners.ForEach(runner => runner.Dispose());
        }
    }

    private static ModelRunner Open(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new ModelRunner(new InferenceSession(path, options));
    }

    /// <summary>Runs a measurement on a thread that stays on one core. This thread runs the models.</summary>
    public static T OnOneProcessor<T>(Func<T> measure)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
            return measure();
        using var process = Process.GetCurrentProcess();
        var all = process.ProcessorAffinity;
        process.ProcessorAffinity = 1;
        try
        {
            return measure();
        }
        finally
        {
            process.ProcessorAffinity = all;
        }
    }
}
