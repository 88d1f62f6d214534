using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Runs a whole model and its stages on the same inputs: the answers are the same, or differ by rounding where a cut keeps ONNX Runtime from fusing
/// as it does in the whole.
/// </summary>
internal static class StageVerification
{
    /// <summary>What the stages must keep. Rounding leaves float32 networks above 100 dB.</summary>
    public static FidelityBudget Budget { get; } = new(MaxAccuracyLoss: 0, MinSqnr: 60);

    // The same arithmetic twice shows in a few calls what it shows in all.
    private const int Calls = 8;

    /// <summary>Compares the answers.</summary>
    /// <param name="whole">The whole model's file.</param>
    /// <param name="stages">The stages' files.</param>
    /// <param name="samples">What to run them on.</param>
    /// <param name="open">Opens a file.</param>
    /// <param name="cancellationToken">Ends a running call, too.</param>
    /// <exception cref="OnnxRuntimeException">A stage does not load or run.</exception>
    public static FidelityReport Compare(
        string whole,
        IReadOnlyList<string> stages,
        ISampleSource samples,
        Func<string, InferenceSession> open,
        CancellationToken cancellationToken
    )
    {
        using var recorded = new RecordedOutputs();
        var outputs = Record(whole, samples, open, recorded, cancellationToken);
        var meters = new OutputMeters(OutputPlan.OfNames(outputs));
        var sessions = new List<InferenceSession>();
        using var runner = new StagedRunner(sessions, outputs);
        sessions.AddRange(stages.Select(open));
        var judged = 0L;
        foreach (var (sample, expected) in samples.Read(cancellationToken).Take(Calls).Zip(recorded.Read(outputs.Count)))
        {
            judged += sample.Rows;
            meters.Add(expected, runner.Run(sample, cancellationToken), sample);
        }

        return new FidelityReport(samples.Kind, recorded.Calls, meters.Results()) { Judged = judged, Samples = judged };
    }

    // The whole model is let go before the stages are opened.
    private static IReadOnlyList<string> Record(
        string whole,
        ISampleSource samples,
        Func<string, InferenceSession> open,
        RecordedOutputs recorded,
        CancellationToken cancellationToken
    )
    {
        using var runner = new ModelRunner(open(whole));
        foreach (var sample in samples.Read(cancellationToken).Take(Calls))
            recorded.Add(runner.Run(sample, cancellationToken));
        return [.. runner.Outputs];
    }
}
