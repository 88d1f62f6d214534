using ModelBuild.Cli.Output;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Profiling;

namespace ModelBuild.Cli.Measuring;

/// <summary>Measures one model, with a child process for each number of threads and of rows.</summary>
/// <param name="settings">The settings of the measurement.</param>
/// <param name="data">Files with real inputs; empty for synthetic inputs.</param>
/// <param name="described">The facts about values that synthetic inputs follow.</param>
internal sealed class PerfMeasurement(MeasuringSettings settings, IReadOnlyList<string> data, DescribedInputs described)
{
    /// <summary>Measures the model at a path.</summary>
    /// <exception cref="CompressionException">The model or its inputs cannot be used, or a child process crashed.</exception>
    public PerfDocument Measure(string path, CancellationToken cancellationToken)
    {
        var child = new MeasuringProcess(settings.OnnxRuntime);
        var rows = new List<PerfRow>();
        TimedInputFacts? facts = null;
        RunProfile? profile = null;
        foreach (var batch in settings.Rows)
        {
            var inputs = TimedInputs.Find(path, data, described, batch, cancellationToken);
            facts ??= TimedInputFacts.Of(inputs);
            using var files = new InputFolder(path, inputs);
            foreach (var threads in settings.Threads)
            {
                var answer = child.Run(
                    new MeasureRequest
                    {
                        Models = [path],
                        Inputs = files.Paths,
                        Provider = settings.Provider,
                        Threads = threads,
                        Seconds = settings.Seconds,
                        Profile = profile is null,
                    },
                    cancellationToken
                );
                profile ??= answer.Profile;
                rows.Add(PerfRow.Of(NumberList.ThreadText(threads), inputs.Rows, answer.Models[0]));
            }
        }

        return new PerfDocument(path, ModelDescription.Size(path), Machine.Describe(settings.Provider), facts!, rows, profile!);
    }
}
