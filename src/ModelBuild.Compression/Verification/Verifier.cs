using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>Runs the original and the compressed model side by side on the same inputs, as an application would run them, and measures the difference.</summary>
internal sealed class Verifier(ISampleSource samples)
{
    /// <summary>Compares two models.</summary>
    /// <param name="original">The original's file.</param>
    /// <param name="compressed">The compressed model's file.</param>
    /// <param name="progress">Told the number of calls so far.</param>
    /// <param name="cancellationToken">Ends a running call, too.</param>
    /// <exception cref="OnnxRuntimeException">One of the models does not load or run.</exception>
    /// <exception cref="CompressionException">MB1019: there is no sample at all.</exception>
    public FidelityReport Compare(string original, string compressed, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        using var before = new ModelRunner(Sessions.Open(original));
        using var after = new ModelRunner(Sessions.Open(compressed));
        var meters = before.Outputs.Select(output => new OutputMeter(output)).ToArray();
        var calls = 0;
        foreach (var sample in samples.Read(cancellationToken))
        {
            // Each session keeps to one thread, so the two may run at once without changing a bit.
            var reference = Task.Run(() => before.Run(sample, cancellationToken), CancellationToken.None);
            var actual = after.Run(sample, cancellationToken);
            var expected = reference.GetAwaiter().GetResult();
            for (var i = 0; i < meters.Length; i++)
                meters[i].Add(expected[i], actual[i], sample.Labels);
            calls++;
            progress?.Report(calls);
        }

        if (calls == 0)
            throw new CompressionException(Codes.CalibrationData, "The calibration data holds no sample: at least one row for each input is needed.");
        return new FidelityReport(samples.Kind, calls, [.. meters.Select(meter => meter.Result())]);
    }
}
