using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// Changes layers in topological order. For each wavefront, the sweep measures the inputs of the layers in the current model and the outputs of the original
/// layers. The caller then changes the layers, and the sweep continues with the next wavefront. Each layer can therefore also compensate the errors of earlier
/// layers.
/// </summary>
/// <param name="context">The context with the model that is changed.</param>
/// <param name="reference">The model with the target outputs.</param>
/// <param name="samples">The samples that both models run on.</param>
/// <param name="budget">The number of rows of each layer; <see cref="RowBudget.Reduction"/> by default.</param>
internal sealed class WavefrontSweep(SweepContext context, OnnxModel reference, ISampleSource samples, RowBudget? budget = null)
{
    private readonly RowBudget _budget = budget ?? RowBudget.Reduction;

    // The approximate number of times that each node runs in a sweep: in both models, and again with changed layers.
    public const int Passes = 4;

    // The largest number of calls of a sweep. A few hundred rows suffice to fit a layer, and thousands would only take more time.
    public const int MaxCalls = 32;

    // The limit in bytes for the memory of all calls that run in parallel.
    private const long MaxBytesInFlight = 128 << 20;

    // The limit in bytes for the moments of layers that are in memory at the same time. The factorizations of the moments are not counted.
    private const long MaxBytes = 64 << 20;

    /// <summary>Solves each layer with <paramref name="solve"/> and writes it to the model.</summary>
    /// <param name="layers">The layers, in topological order.</param>
    /// <param name="solve">
    /// Changes one group of a layer, given the index of the group and its moments, which the callback owns. Several threads may call it for different groups.
    /// </param>
    public void Sweep<T>(IReadOnlyList<T> layers, Action<T, int, LayerMoments> solve)
        where T : MeasuredLayer
    {
        Measure(
            [.. Independent(layers).SelectMany(some => Together(some, Bytes))],
            solve,
            wavefront =>
            {
                foreach (var layer in wavefront)
                    layer.Write();
            }
        );
    }

    /// <summary>Returns the size in bytes of the moments of a layer.</summary>
    public static long Bytes(MeasuredLayer layer) => ((long)layer.Inputs * layer.Groups + layer.Outputs) * layer.Inputs * sizeof(double);

    /// <summary>Groups consecutive layers whose moments may be in memory together.</summary>
    /// <param name="all">The layers, or elements that have layers.</param>
    /// <param name="bytes">Returns the size in bytes of the moments of an element.</param>
    public static IEnumerable<T[]> Together<T>(IEnumerable<T> all, Func<T, long> bytes) =>
        Neighbours(all, (together, one) => together.Sum(bytes) + bytes(one) <= MaxBytes);

    /// <summary>Measures the moments of layers, and does not write the layers to the model.</summary>
    /// <param name="wavefronts">The wavefronts of layers. The moments of each may be in memory together: see <see cref="Together"/>.</param>
    /// <param name="take">
    /// Receives each layer, the index of its group and the moments, which the callback owns. Several threads may call it for different groups.
    /// </param>
    /// <param name="done">Receives each wavefront after all its moments were processed, and may change its layers.</param>
    public void Measure<T>(IReadOnlyList<T[]> wavefronts, Action<T, int, LayerMoments> take, Action<T[]> done)
        where T : MeasuredLayer
    {
        if (wavefronts.Count == 0)
            return;
        using var products = new MomentProducts();
        var (changed, original, calls) = Prefixes();
        Approach([.. wavefronts.SelectMany(wavefront => wavefront)], changed, original, calls);
        var main = new Graph(reference);
        foreach (var (i, wavefront) in wavefronts.Index())
        {
            var parts = Run(wavefront, [.. wavefronts.Skip(i + 1).SelectMany(later => later)], changed, original, calls, main, products);
            Parallel.ForEach(
                parts,
                new ParallelOptions { MaxDegreeOfParallelism = context.Threads, CancellationToken = context.CancellationToken },
                part => take(part.Layer, part.Group, part.Moments)
            );
            // The mapped weights of the reference model are released, because they need not stay in memory while codes are written.
            reference.ReleaseWeights();
            done(wavefront);
            LargeModels.MoveToMappedFile(context.Model);
            reference.ReleaseWeights();
            // Memory is collected after each wavefront, because moments and their factors are many times as large as the weights.
            LargeModels.CollectAfterRelease(wavefront.Sum(Bytes));
        }
    }

    // Groups consecutive layers that do not depend on each other. Dependent layers must not share a measurement, because both would compensate the same
    // error.
    private IEnumerable<T[]> Independent<T>(IReadOnlyList<T> layers)
        where T : MeasuredLayer
    {
        var depths = new LayerDepths(reference.Proto.Graph, Targets(layers));
        return Neighbours(layers, (together, layer) => depths.Of(together[0].Source) == depths.Of(layer.Source));
    }

    // Splits a sequence into groups of consecutive elements. The callback returns whether an element belongs to the current group.
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

    private (ModelPrefix Changed, ModelPrefix Original, int Calls) Prefixes()
    {
        var shapes = samples.Read(context.CancellationToken).Take(MaxCalls).Select(sample => sample.Shapes()).ToArray();
        var work = LayerWork.Total(reference, shapes[0]);
        var calls = SweepWork.Calls(_budget, work, shapes.Length);
        var account = new WorkAccount(_budget.Runs).Add(SweepWork.Of(_budget, work, shapes.Length));
        context.Work.Report($"measuring layers on {calls} calls: {account} of this sweep's runs");
        return (new ModelPrefix(context.Model, shapes[0], calls), new ModelPrefix(reference, shapes[0], calls), calls);
    }

    private void Approach(MeasuredLayer[] layers, ModelPrefix changed, ModelPrefix original, int calls)
    {
        if (!PartwiseRun.IsWorth(reference))
            return;
        var (inputs, targets, some) = (Inputs(layers), Targets(layers), samples.Read(context.CancellationToken).Take(calls));
        PartwiseRun.Approach(changed, context.Model, inputs, node => node.Input.Any(inputs.Contains), some, context.CancellationToken);
        PartwiseRun.Approach(original, reference, targets, node => node.Output.Any(targets.Contains), some, context.CancellationToken);
    }

    // Measures the layers of a wavefront, and returns the moments of each group of each layer. Layers without rows are omitted.
    private (T Layer, int Group, LayerMoments Moments)[] Run<T>(
        T[] wavefront,
        T[] later,
        ModelPrefix changed,
        ModelPrefix original,
        int calls,
        Graph main,
        MomentProducts products
    )
        where T : MeasuredLayer
    {
        var (inputs, laterInputs) = (Inputs(wavefront), Inputs(later));
        var (targets, laterTargets) = (Targets(wavefront), Targets(later));
        // The next part of the changed model starts at the layers of this wavefront. The layers change before the next wavefront is measured, so their nodes
        // must run again. The outputs of the original do not change.
        using var layersChanged = changed.Next(inputs, laterInputs, node => node.Input.Any(input => inputs.Contains(input) || laterInputs.Contains(input)));
        using var layersOriginal = original.Next(targets, laterTargets, node => node.Output.Any(laterTargets.Contains));
        var threads = (int)Math.Clamp(MaxBytesInFlight / Math.Max(1, layersChanged.CallBytes + layersOriginal.CallBytes), 1, context.Threads);
        var measurement = new WavefrontMeasurement(wavefront, calls, _budget, main, layersChanged, layersOriginal, products, context.CancellationToken);
        OrderedCalls.Run(
            samples.Read(context.CancellationToken).Take(calls).Select((sample, call) => (sample, call)),
            threads,
            call => measurement.Run(call.sample, call.call),
            measurement.Add
        );
        return
        [
            .. wavefront
                .SelectMany((layer, i) => Enumerable.Range(0, layer.Groups).Select(group => (layer, group, measurement.Moments(i, group)!)))
                .Where(part => part.Item3 is not null),
        ];
    }

    private static HashSet<string> Inputs(IEnumerable<MeasuredLayer> layers) => layers.Select(layer => layer.Input).ToHashSet(StringComparer.Ordinal);

    private static HashSet<string> Targets(IEnumerable<MeasuredLayer> layers) =>
        layers.Select(layer => layer.Source.Output[0]).ToHashSet(StringComparer.Ordinal);
}
