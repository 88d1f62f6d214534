using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Checkpoints;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Optimizers;
using ModelBuild.Compression.Training.Precision;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Compression.Training.Schedules;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Weights;

namespace ModelBuild.Compression.Training;

/// <summary>
/// The state of a training, which changes from step to step. It can be saved between two steps, and training continues from the saved state with the same
/// bytes.
/// </summary>
internal sealed class TrainingState
{
    private static readonly Dictionary<string, float[]> Nothing = new(StringComparer.Ordinal);

    private readonly TrainingOptions _options;
    private readonly IReadOnlyList<TrainedValue> _values;
    private readonly LossSettings? _settings;
    private readonly LossScale? _scale;
    private readonly Parameter[] _free;
    private readonly MovingAverage? _average;
    private readonly List<TrainingPoint> _curve = [];
    private IOptimizer _optimizer;
    private Schedule _schedule;
    private int _halvings;
    private double _lossSum;
    private int _lossCount;

    /// <summary>Initializes the state before the first step.</summary>
    /// <param name="values">The values that training changes.</param>
    /// <param name="options">The options of the step.</param>
    /// <param name="settings">The settings of the loss that are learned; null if there are none.</param>
    /// <param name="scale">The factor of the loss; null for none.</param>
    /// <param name="rate">The largest learning rate.</param>
    public TrainingState(IReadOnlyList<TrainedValue> values, TrainingOptions options, LossSettings? settings, LossScale? scale, double rate)
    {
        (_values, _options, _settings, _scale) = (values, options, settings, scale);
        _free = [.. values.Select(value => value.Free)];
        _optimizer = OptimizerCatalog.Create(options.Optimizer, options.WeightDecay);
        _average = options.Average > 0 ? new MovingAverage(options.Average) : null;
        _schedule = new Schedule(options.Schedule, rate);
        Best = new BestState(_free);
    }

    /// <summary>The number of training steps that were done.</summary>
    public int Step { get; private set; }

    /// <summary>The values with the least loss on held-out rows so far.</summary>
    public BestState Best { get; }

    /// <summary>The points of the loss curve: before training, and at each evaluation.</summary>
    public IReadOnlyList<TrainingPoint> Curve => _curve;

    /// <summary>The loss on held-out rows at the last evaluation; null if no rows are held out.</summary>
    public double? HeldOut => _curve[^1].HeldOut;

    /// <summary>The mean loss of the steps since the last evaluation; NaN if there were no steps.</summary>
    public double Loss => _lossSum / _lossCount;

    /// <summary>Records the loss on held-out rows before the first step.</summary>
    public void Begin(HeldOutLoss heldOut)
    {
        _curve.Add(new TrainingPoint(0, Loss: null, heldOut.Loss, Rate: 0) { Terms = heldOut.SeveralTerms });
        Best.Offer(0, heldOut);
    }

    /// <summary>The parameters that the optimizer changes.</summary>
    public IReadOnlyList<Parameter> Free => _free;

    /// <summary>Computes the gradients of the parameters that the optimizer changes.</summary>
    public void CollectGradients()
    {
        foreach (var value in _values)
            value.Collect();
    }

    /// <summary>Limits the norm of the gradients to the limit of the options.</summary>
    /// <returns>The norm of all gradients together before the limit.</returns>
    public double ClipGradients() => GradientNorm.Clip(_free, _options.Clip);

    /// <summary>Changes the values by one step of the optimizer.</summary>
    /// <param name="loss">The loss of the step.</param>
    /// <param name="steps">The number of all steps.</param>
    /// <returns>The learning rate of the step.</returns>
    public float Advance(double loss, int steps)
    {
        (_lossSum, _lossCount) = (_lossSum + loss, _lossCount + 1);
        var rate = _schedule.At(Step, steps);
        _optimizer.Step(_free, rate);
        Compute();
        _average?.Update(_free);
        Step++;
        return rate;
    }

    /// <summary>Skips a step whose gradients are not finite, because the factor of the loss was too large.</summary>
    public void Skip() => Step++;

    /// <summary>Returns to the best values after a loss that is not finite, with half of the rate and without the state of the optimizer.</summary>
    /// <returns>The number of times that the rate was halved.</returns>
    public int Halve()
    {
        Best.Restore();
        Compute();
        _schedule = _schedule with { Rate = _schedule.Rate / 2 };
        _optimizer = OptimizerCatalog.Create(_options.Optimizer, _options.WeightDecay);
        Step++;
        return ++_halvings;
    }

    /// <summary>Replaces the trained values by their averages, so that the averages are evaluated.</summary>
    public void BeginEvaluation()
    {
        _average?.SwapIn(_free);
        Compute();
    }

    /// <summary>Records the loss on held-out rows, keeps the values if they are the best, and restores the trained values.</summary>
    /// <param name="heldOut">The loss on held-out rows.</param>
    /// <param name="rate">The learning rate of the last step.</param>
    public void EndEvaluation(HeldOutLoss heldOut, float rate)
    {
        // A held-out loss that is not finite is not added to the curve, because JSON cannot represent it. The next training step detects the divergence.
        if (double.IsFinite(heldOut.Loss ?? 0))
            _curve.Add(new TrainingPoint(Step, Loss, heldOut.Loss, rate) { Terms = heldOut.SeveralTerms });
        Best.Offer(Step, heldOut);
        _average?.SwapOut(_free);
        Compute();
        (_lossSum, _lossCount) = (0, 0);
    }

    /// <summary>Replaces the last values by the best ones.</summary>
    public void End()
    {
        Best.Restore();
        Compute();
    }

    /// <summary>Returns the state that has to be saved. The arrays change with the next step.</summary>
    /// <param name="key">Identifies the training.</param>
    public Checkpoint Save(string key) =>
        new(
            new CheckpointFacts(key, Step, _schedule.Rate, _halvings, _lossSum, _lossCount, _curve, Best.Step, Best.HeldOut.Loss, Best.HeldOut.Terms),
            _free.ToDictionary(parameter => parameter.Name, parameter => parameter.Values, StringComparer.Ordinal),
            Best.Values,
            _optimizer.State,
            _average?.State ?? Nothing,
            (_settings?.Save() ?? Nothing).Concat(_scale?.Save() ?? Nothing).ToDictionary(StringComparer.Ordinal)
        );

    /// <summary>Replaces the state by a saved one.</summary>
    public void Restore(Checkpoint saved)
    {
        var facts = saved.Facts;
        foreach (var parameter in _free)
            saved.Values[parameter.Name].CopyTo(parameter.Values, 0);
        Compute();
        Best.Replace(facts.BestStep, new HeldOutLoss(facts.BestLoss, facts.BestTerms), saved.Best);
        _optimizer.Restore(saved.Optimizer);
        _average?.Restore(saved.Average);
        _settings?.Restore(saved.Settings);
        _scale?.Restore(saved.Settings);
        _curve.AddRange(facts.Curve);
        _schedule = _schedule with { Rate = facts.Rate };
        (Step, _halvings, _lossSum, _lossCount) = (facts.Step, facts.Halvings, facts.LossSum, facts.LossCount);
    }

    /// <summary>Computes the values of the model from those that the optimizer changes.</summary>
    public void Compute()
    {
        foreach (var value in _values)
            value.Compute();
    }
}
