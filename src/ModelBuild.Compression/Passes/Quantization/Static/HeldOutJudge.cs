using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Compares quantized models with the float model on the calibration samples that no step was fitted to.</summary>
internal sealed class HeldOutJudge : IDisposable
{
    // Multiply-adds of the calls on which one model is judged, where that leaves at least some.
    private const double MostWork = 2e10;
    private const int LeastCalls = 2;

    private readonly ISampleSource _samples;
    private readonly CancellationToken _cancellationToken;
    private readonly RecordedOutputs _expected = new();
    private readonly IReadOnlyList<string> _outputs;

    /// <summary>Runs the float model.</summary>
    /// <param name="context">With the float model and the samples.</param>
    /// <param name="calls">How many of the held-out calls are run at most; fewer of a large model.</param>
    public HeldOutJudge(PassContext context, int calls)
    {
        (_samples, _cancellationToken) = (context.Calibration!.HeldOut!, context.CancellationToken);
        _outputs = [.. context.Model.Proto.Graph.Output.Select(output => output.Name)];
        var work = LayerWork.Total(context.Model, _samples.Read(_cancellationToken).First().Shapes());
        foreach (var answers in Answers(context.Model, (int)Math.Min(calls, Math.Max(LeastCalls, MostWork / Math.Max(1, work)))))
            _expected.Add(answers);
    }

    /// <summary>The signal-to-quantization-noise ratio of the worst output that holds measurements, in dB.</summary>
    public double SqnrDb(OnnxModel model)
    {
        var meters = _outputs.Select(output => new OutputMeter(output)).ToArray();
        foreach (var (answers, expected) in Answers(model, _expected.Calls).Zip(_expected.Read(_outputs.Count)))
            foreach (var (i, actual) in answers.Index())
                meters[i].Add(expected[i], actual, labels: null);
        return meters.Select(meter => meter.Result()).Where(output => output.IsFloat).Select(output => output.SqnrDb).DefaultIfEmpty(OutputFidelity.IdenticalDb).Min();
    }

    public void Dispose() => _expected.Dispose();

    private IEnumerable<IReadOnlyList<OutputValues>> Answers(OnnxModel model, int calls)
    {
        var samples = _samples.Read(_cancellationToken).Take(calls);
        if (PartwiseRun.IsWorth(model))
        {
            foreach (var answers in PartwiseRun.Run(model, [.. samples], _cancellationToken))
                yield return answers;
            yield break;
        }

        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        foreach (var sample in samples)
            yield return runner.Run(sample, _cancellationToken);
    }
}
