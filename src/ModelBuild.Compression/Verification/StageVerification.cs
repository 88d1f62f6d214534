using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Runs a whole model and its stages on the same inputs. The outputs are equal, or differ by rounding if a cut prevents a fusion of ONNX Runtime.
/// </summary>
internal static class StageVerification
{
    /// <summary>The budget for the differences between a model and its stages. Rounding keeps float32 networks above 100 dB.</summary>
    public static FidelityBudget Budget { get; } = new(MaxAccuracyLoss: 0, MinSqnr: 60) { SparesNegligible = true };

    // The number of calls on which stages are verified. A few calls suffice, because the model and its stages compute the same operations.
    private const int Calls = 8;

    /// <summary>Compares the outputs of a whole model with those of its stages.</summary>
    /// <param name="whole">The path of the whole model.</param>
    /// <param name="stages">The paths of the stages.</param>
    /// <param name="samples">The samples that the models run on.</param>
    /// <param name="open">Opens a session for a file.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
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
        using var runner = new StageRunner(sessions, outputs);
        sessions.AddRange(stages.Select(open));
        var judged = 0L;
        foreach (var (sample, expected) in samples.Read(cancellationToken).Take(Calls).Zip(recorded.Read(outputs.Count)))
        {
            judged += sample.Rows;
            meters.Add(expected, runner.Run(sample, cancellationToken), sample);
        }

        return new FidelityReport(samples.Kind, recorded.Calls, meters.Results()) { Judged = judged, Samples = judged };
    }

    // Records the outputs of the whole model in a separate method, so that its session is disposed before the stages are opened.
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
