using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// Goes through layers in the order in which data flows: measures what a layer sees in the model as it is by then and what the original layer answered, has it changed,
/// and goes on. So each layer can also make good the errors of those before it.
/// </summary>
/// <param name="context">With the model that is changed.</param>
/// <param name="reference">The model that answers are compared with.</param>
/// <param name="samples">What both are run on.</param>
internal sealed class LayerStages(PassContext context, OnnxModel reference, ISampleSource samples)
{
    // Each stage runs the model anew up to its layers; beyond this many, neighbouring layers are measured together.
    public const int MaxStages = 32;
    private const int MinStages = 8;
    private const int MinCalls = 4;

    // A few hundred rows are what layers are fitted to; thousands change nothing but the time.
    public const int MaxCalls = 32;

    // Multiply-adds of a sweep, about a minute: for a large model on many samples, first fewer stages, then fewer samples.
    public const double MaxWork = 2e12;

    // Of moments that are in memory together; factors of them come on top.
    private const long MaxBytes = 256 << 20;

    /// <summary>Takes each layer to <paramref name="solve"/>, which several threads may call at once for different layers and groups; then writes it.</summary>
    /// <param name="layers">The layers, in topological order.</param>
    /// <param name="solve">Changes one group of a layer, given its number and what it saw.</param>
    public void Sweep<T>(IReadOnlyList<T> layers, Action<T, int, LayerMoments> solve)
        where T : MeasuredLayer
    {
        if (layers.Count == 0)
            return;
        var (calls, stages) = Plan();
        using var products = new MomentProducts();
        foreach (var stage in Together(layers, Bytes, (layers.Count + stages - 1) / stages))
        {
            Visit(stage, calls, products, solve);
            foreach (var layer in stage)
                layer.Write();
            // Moments and their factors are many times as large as the weights.
            LargeModels.LetGo(stage.Sum(Bytes));
        }
    }

    /// <summary>What the moments of a layer take.</summary>
    public static long Bytes(MeasuredLayer layer) => (long)layer.Inputs * layer.Inputs * sizeof(double);

    /// <summary>Neighbours whose moments may be in memory together.</summary>
    /// <param name="all">The layers, or what has some.</param>
    /// <param name="bytes">What the moments of one take.</param>
    /// <param name="most">How many there are at most.</param>
    public static IEnumerable<T[]> Together<T>(IEnumerable<T> all, Func<T, long> bytes, int most = int.MaxValue)
    {
        var together = new List<T>();
        foreach (var one in all)
        {
            if (together.Count == most || (together.Count > 0 && together.Sum(bytes) + bytes(one) > MaxBytes))
            {
                yield return [.. together];
                together.Clear();
            }

            together.Add(one);
        }

        if (together.Count > 0)
            yield return [.. together];
    }

    /// <summary>Measures all layers at once, in the model as it is, and writes none.</summary>
    /// <param name="layers">The layers; all their moments are in memory together: see <see cref="Together"/>.</param>
    /// <param name="take">Gets each layer's group and what it saw; several threads may call it at once for different ones.</param>
    public void Measure<T>(IReadOnlyList<T> layers, Action<T, int, LayerMoments> take)
        where T : MeasuredLayer
    {
        if (layers.Count == 0)
            return;
        using var products = new MomentProducts();
        Visit([.. layers], Plan().Calls, products, take);
    }

    private (int Calls, int Stages) Plan()
    {
        var calls = samples.Read(context.CancellationToken).Take(MaxCalls).Count();
        var work = Math.Max(1, LayerWork.Total(reference, samples.Read(context.CancellationToken).First().Shapes()));
        var stages = (int)Math.Clamp(MaxWork / (work * calls), MinStages, MaxStages);
        return (Math.Min(calls, (int)Math.Clamp(MaxWork / (work * stages), MinCalls, int.MaxValue)), stages);
    }

    private void Visit<T>(T[] stage, int calls, MomentProducts products, Action<T, int, LayerMoments> take)
        where T : MeasuredLayer
    {
        using var measurement = new StageMeasurement(context, reference, stage, calls, products);
        var threads = context.Calibration!.Threads;
        OrderedCalls.Run(samples.Read(context.CancellationToken).Take(calls).Select((sample, call) => (sample, call)), threads, call => measurement.Run(call.sample, call.call), measurement.Add);
        var parts = stage
            .SelectMany((layer, i) => Enumerable.Range(0, layer.Groups).Select(group => (Layer: layer, Group: group, Moments: measurement.Moments(i, group))))
            .Where(part => part.Moments is not null);
        Parallel.ForEach(parts.ToArray(), new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = context.CancellationToken }, part => take(part.Layer, part.Group, part.Moments!));
    }
}
