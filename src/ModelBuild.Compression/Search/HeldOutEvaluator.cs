using System.Globalization;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Search;

/// <summary>Evaluates compressed models on held-out samples: compares their outputs with those of the model before the step.</summary>
internal sealed class HeldOutEvaluator : IDisposable
{
    // The limit of multiply-adds of the calls on which one model is evaluated. A large model is evaluated on the minimum of calls even if these exceed the
    // limit.
    private const double MaxWork = 2e10;
    private const int MinCalls = 2;

    private readonly ISampleSource _samples;
    private readonly CancellationToken _cancellationToken;
    private readonly RecordedOutputs _expected = new();
    private readonly OutputPlan _plan;
    private readonly WorkLog _log;
    private readonly double _workOfCall;

    /// <summary>Runs the reference model on the held-out calls, and records its outputs.</summary>
    /// <param name="context">The context with the reference model and the samples.</param>
    /// <param name="calls">The largest number of held-out calls. A large model runs on fewer.</param>
    public HeldOutEvaluator(PassContext context, int calls)
    {
        (_samples, _cancellationToken) = (context.Calibration!.HeldOut!, context.CancellationToken);
        var first = _samples.Read(_cancellationToken).First();
        _plan = OutputPlan.Of(context.Model, first.Shapes(), context.OutputHints);
        (_log, _workOfCall) = (context.Work, LayerWork.Total(context.Model, first.Shapes()));
        foreach (var answers in Answers(context.Model, (int)Math.Min(calls, Math.Max(MinCalls, MaxWork / Math.Max(1, _workOfCall)))))
            _expected.Add(answers);
    }

    /// <summary>
    /// Returns the SQNR in dB of the worst output, or part of an output, that holds measurements. Rows that an operator selects are left out where the scores
    /// that select them are compared, because a small change of a score can replace a whole row.
    /// </summary>
    /// <param name="model">The compressed model.</param>
    /// <param name="calls">The largest number of calls.</param>
    public double SqnrDb(OnnxModel model, int calls = int.MaxValue)
    {
        var meters = new OutputMeters(_plan);
        var recorded = _expected.Read(_plan.Outputs.Count + _plan.Observed.Count);
        foreach (var ((answers, expected), sample) in Answers(model, Math.Min(calls, _expected.Calls)).Zip(recorded).Zip(_samples.Read(_cancellationToken)))
            meters.Add(expected, answers, sample with { Labels = null });
        OutputFidelity[] compared = [.. meters.Results().Where(output => output is { IsFloat: true, IsCompared: true })];
        var hasFeeders = compared.Any(output => output.Feeds is not null);
        var sqnr = compared
            .Where(output => !hasFeeders || output.Matches is null)
            .Select(output => output.ComparableDb)
            .DefaultIfEmpty(OutputFidelity.IdenticalDb)
            .Min();
        var judged = Math.Min(calls, _expected.Calls);
        var account = new WorkAccount(MaxWork).Add(judged * _workOfCall);
        _log.Report(
            string.Create(CultureInfo.InvariantCulture, $"evaluated on {judged} held-out calls: {SignedNumber.Of(sqnr, 1)} dB; {account} for one evaluation")
        );
        return sqnr;
    }

    public void Dispose() => _expected.Dispose();

    private IEnumerable<IReadOnlyList<OutputValues?>> Answers(OnnxModel model, int calls)
    {
        if (_plan.Observed.Count == 0)
            return Run(model, calls);
        var there = model.Proto.Graph.Node.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        string[] observed = [.. _plan.Observed.Where(there.Contains)];
        var copy = model.Clone();
        copy.Proto.Graph.Output.Add(observed.Select(value => new ValueInfoProto { Name = value }));
        return Run(copy, calls).Select(answers => Ordered(answers, observed));
    }

    // Returns the outputs and then the observed values in the order of the comparison plan, with null for observed values that the model does not have.
    private IReadOnlyList<OutputValues?> Ordered(IReadOnlyList<OutputValues> answers, string[] observed)
    {
        var values = observed.Zip(answers.Skip(_plan.Outputs.Count)).ToDictionary(value => value.First, value => value.Second, StringComparer.Ordinal);
        return [.. answers.Take(_plan.Outputs.Count), .. _plan.Observed.Select(values.GetValueOrDefault)];
    }

    private IEnumerable<IReadOnlyList<OutputValues>> Run(OnnxModel model, int calls)
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
