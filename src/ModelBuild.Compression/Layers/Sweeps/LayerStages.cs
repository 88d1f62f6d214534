using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// Goes through layers in the order in which data flows: measures what a layer sees in the model as it is by then and what the original layer answered, has it changed,
/// and goes on. So each layer can also make good the errors of those before it.
/// </summary>
/// <param name="context">With the model that is changed.</param>
/// <param name="reference">The model that answers are compared with.</param>
/// <param name="samples">What both are run on.</param>
/// <param name="budget">How many rows of each layer are taken; those of <see cref="RowBudget.Reduction"/> where not given.</param>
internal sealed class LayerStages(SweepContext context, OnnxModel reference, ISampleSource samples, RowBudget? budget = null)
{
    private readonly RowBudget _budget = budget ?? RowBudget.Reduction;

    // Each node runs about so often in a sweep: in both models, and once more with layers that have changed.
    public const int Passes = 4;

    // A few hundred rows are what layers are fitted to; thousands change nothing but the time.
    public const int MaxCalls = 32;

    // What calls side by side may hold in all.
    private const long MaxBytesInFlight = 128 << 20;

    // Of moments that are in memory together; factors of them come on top.
    private const long MaxBytes = 64 << 20;

    /// <summary>Takes each layer to <paramref name="solve"/>; then writes it.</summary>
    /// <param name="layers">The layers, in topological order.</param>
    /// <param name="solve">Changes one group of a layer, given its number and what it saw, which is its own; several threads may call it at once for different ones.</param>
    public void Sweep<T>(IReadOnlyList<T> layers, Action<T, int, LayerMoments> solve)
        where T : MeasuredLayer
    {
        Measure(
            [.. Independent(layers).SelectMany(some => Together(some, Bytes))],
            solve,
            stage =>
            {
                foreach (var layer in stage)
                    layer.Write();
            }
        );
    }

    /// <summary>What the moments of a layer take.</summary>
    public static long Bytes(MeasuredLayer layer) => ((long)layer.Inputs * layer.Groups + layer.Outputs) * layer.Inputs * sizeof(double);

    /// <summary>Neighbours whose moments may be in memory together.</summary>
    /// <param name="all">The layers, or what has some.</param>
    /// <param name="bytes">What the moments of one take.</param>
    public static IEnumerable<T[]> Together<T>(IEnumerable<T> all, Func<T, long> bytes) =>
        Neighbours(all, (together, one) => together.Sum(bytes) + bytes(one) <= MaxBytes);

    /// <summary>Measures layers, and writes none by itself.</summary>
    /// <param name="stages">The layers, of each stage those whose moments may be in memory together: see <see cref="Together"/>.</param>
    /// <param name="take">Gets each layer's group and what it saw, which is its own; several threads may call it at once for different ones.</param>
    /// <param name="done">Gets each stage when all of it is taken, and may change its layers.</param>
    public void Measure<T>(IReadOnlyList<T[]> stages, Action<T, int, LayerMoments> take, Action<T[]> done)
        where T : MeasuredLayer
    {
        if (stages.Count == 0)
            return;
        using var products = new MomentProducts();
        var (changed, original, calls) = Fronts();
        Approach([.. stages.SelectMany(stage => stage)], changed, original, calls);
        var main = new Graph(reference);
        foreach (var (i, stage) in stages.Index())
        {
            var parts = Run(stage, [.. stages.Skip(i + 1).SelectMany(later => later)], changed, original, calls, main, products);
            Parallel.ForEach(
                parts,
                new ParallelOptions { MaxDegreeOfParallelism = context.Threads, CancellationToken = context.CancellationToken },
                part => take(part.Layer, part.Group, part.Moments)
            );
            // What was read of mapped weights need not be there while codes are written.
            reference.ReleaseWeights();
            done(stage);
            LargeModels.Park(context.Model);
            reference.ReleaseWeights();
            // Moments and their factors are many times as large as the weights.
            LargeModels.LetGo(stage.Sum(Bytes));
        }
    }

    // Neighbours of which none is computed from another one. Layers that depend on each other must not share a measurement: both would make good the
    // same error.
    private IEnumerable<T[]> Independent<T>(IReadOnlyList<T> layers)
        where T : MeasuredLayer
    {
        var depths = new LayerDepths(reference.Proto.Graph, Targets(layers));
        return Neighbours(layers, (together, layer) => depths.Of(together[0].Source) == depths.Of(layer.Source));
    }

    // Runs of neighbours, each as long as the next one belongs to those before it.
    private static IEnumerable<T[]> Neighbours<T>(IEnumerable<T> all, Func<List<T>, T, bool> belongs)
    {
        var together = new List<T>();
        foreach (var one in all)
        {
            if (together.Count > 0 && !belongs(together, one))
            {
                yield return [.. together];
                together.Clear();
            }

            together.Add(one);
        }

        if (together.Count > 0)
            yield return [.. together];
    }

    private (ModelFront Changed, ModelFront Original, int Calls) Fronts()
    {
        var shapes = samples.Read(context.CancellationToken).Take(MaxCalls).Select(sample => sample.Shapes()).ToArray();
        var work = LayerWork.Total(reference, shapes[0]);
        var calls = SweepWork.Calls(_budget, work, shapes.Length);
        var account = new WorkAccount(_budget.Runs).Add(SweepWork.Of(_budget, work, shapes.Length));
        context.Work.Say($"measuring layers on {calls} calls: {account} of this sweep's runs");
        return (new ModelFront(context.Model, shapes[0], calls), new ModelFront(reference, shapes[0], calls), calls);
    }

    private void Approach(MeasuredLayer[] layers, ModelFront changed, ModelFront original, int calls)
    {
        if (!PartwiseRun.IsWorth(reference))
            return;
        var (inputs, targets, some) = (Inputs(layers), Targets(layers), samples.Read(context.CancellationToken).Take(calls));
        PartwiseRun.Approach(changed, context.Model, inputs, node => node.Input.Any(inputs.Contains), some, context.CancellationToken);
        PartwiseRun.Approach(original, reference, targets, node => node.Output.Any(targets.Contains), some, context.CancellationToken);
    }

    // What each group of each layer sees; a layer that sees nothing is not among them.
    private (T Layer, int Group, LayerMoments Moments)[] Run<T>(
        T[] stage,
        T[] later,
        ModelFront changed,
        ModelFront original,
        int calls,
        Graph main,
        MomentProducts products
    )
        where T : MeasuredLayer
    {
        var (inputs, laterInputs) = (Inputs(stage), Inputs(later));
        var (targets, laterTargets) = (Targets(stage), Targets(later));
        // Layers of this stage change before the next one begins; what the original answers does not.
        using var layersChanged = changed.Next(inputs, laterInputs, node => node.Input.Any(input => inputs.Contains(input) || laterInputs.Contains(input)));
        using var layersOriginal = original.Next(targets, laterTargets, node => node.Output.Any(laterTargets.Contains));
        var threads = (int)Math.Clamp(MaxBytesInFlight / Math.Max(1, layersChanged.CallBytes + layersOriginal.CallBytes), 1, context.Threads);
        var measurement = new StageMeasurement(stage, calls, _budget, main, layersChanged, layersOriginal, products, context.CancellationToken);
        OrderedCalls.Run(
            samples.Read(context.CancellationToken).Take(calls).Select((sample, call) => (sample, call)),
            threads,
            call => measurement.Run(call.sample, call.call),
            measurement.Add
        );
        return
        [
            .. stage
                .SelectMany((layer, i) => Enumerable.Range(0, layer.Groups).Select(group => (layer, group, measurement.Moments(i, group)!)))
                .Where(part => part.Item3 is not null),
        ];
    }

    private static HashSet<string> Inputs(IEnumerable<MeasuredLayer> layers) => layers.Select(layer => layer.Input).ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> Targets(IEnumerable<MeasuredLayer> layers) =>
        layers.Select(layer => layer.Source.Output[0]).ToHashSet(StringComparer.Ordinal);
}
