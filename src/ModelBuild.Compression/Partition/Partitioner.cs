using System.Globalization;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Partition;

/// <summary>
/// Cuts a model into stages that run one after another. Different stages can run different calls in parallel. The stages have similar work, few bytes cross
/// between them, and no cut separates nodes that ONNX Runtime fuses. The result depends only on the model and the sizes.
/// </summary>
internal static class Partitioner
{
    // The factor by which stricter rules may make the largest stage larger than less strict rules do. The strictest rules within this factor choose the cuts.
    private const double WorthBalance = 1.25;

    /// <summary>Returns the stages of a model in the order in which they run.</summary>
    /// <param name="model">The model with its weights. It does not change.</param>
    /// <param name="stages">The number of stages, at least 2.</param>
    /// <param name="sample">The input shapes of a call; null to assume sizes for dynamic dimensions.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="CompressionException">MB1026: the model cannot be cut into this many stages.</exception>
    public static IReadOnlyList<Stage> Cut(
        OnnxModel model,
        int stages,
        IReadOnlyDictionary<string, long[]>? sample,
        CancellationToken cancellationToken = default
    )
    {
        var whole = ModelPreparation.PreparedCopy(model);
        var main = new Graph(whole);
        main.SortTopologically();
        new DeadCodeElimination().Apply(main, cancellationToken);
        var order = NodeOrder.Of(main);
        var (inputShapes, work) = CostMeter.FirstCall(whole, SignatureReader.Read(whole), sample);
        var values = CrossingValues.Find(main, order, inputShapes);
        cancellationToken.ThrowIfCancellationRequested();

        var cuts = Cuts(main, order, values, NodeWeights.Of(order, work, values), stages);
        var multiplyAdds = NodeWeights.MultiplyAdds(order, work);
        var cutter = new StageCutter(main, order, values);
        return
        [
            .. cuts.Prepend(0)
                .Zip(cuts.Append(order.Count))
                .Select(range => new Stage(
                    cutter.Cut(range.First, range.Second),
                    range.Second - range.First,
                    (long)Math.Min(multiplyAdds[range.First..range.Second].Sum(count => (double)count), long.MaxValue / 2),
                    Received(order, values, range.First, range.Second)
                )),
        ];
    }

    private static int[] Cuts(Graph main, IReadOnlyList<ComputedNode> order, IReadOnlyList<CrossingValue> values, double[] work, int stages)
    {
        var rules = new CutRules(main);
        var bytes = Sum(values, order.Count, value => value.Bytes);
        int[] Places(CutCare care)
        {
            var refused = Sum(values, order.Count, value => rules.Allows(value, care) ? 0 : 1);
            return [.. Enumerable.Range(1, Math.Max(0, order.Count - 1)).Where(place => refused[place] == 0)];
        }

        var plans = new[] { CutCare.Fusions, CutCare.FusionsOfFloats, CutCare.Neighbours }
            .Select(care => new CutPlan(work, bytes, Places(care)).Find(stages))
            .OfType<(int[] Cuts, double Largest)>()
            .ToArray();
        if (plans.Length > 0)
            return plans.First(plan => plan.Largest <= plans.Min(other => other.Largest) * WorthBalance).Cuts;
        var anywhere = Places(CutCare.None);
        return new CutPlan(work, bytes, anywhere).Find(stages)?.Cuts
            ?? throw new CompressionException(
                Codes.Stages,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The model cannot be cut into {stages} stages: {order.Count} of its nodes compute something, and "
                        + $"{anywhere.Length} of the possible cuts cross tensors only, so that "
                        + $"{(anywhere.Length == 0 ? "it cannot be cut" : $"{anywhere.Length + 1} stages are possible")}. Ask for fewer Stages."
                )
            );
    }

    // Returns, for each position before a node, the sum of a figure over the values that cross a cut at this position.
    private static double[] Sum(IReadOnlyList<CrossingValue> values, int nodes, Func<CrossingValue, double> of)
    {
        var change = new double[nodes + 2];
        foreach (var value in values)
        {
            change[value.Born + 1] += of(value);
            change[value.LastRead + 1] -= of(value);
        }

        for (var place = 1; place < change.Length; place++)
            change[place] += change[place - 1];
        return change[..(nodes + 1)];
    }

    private static long Received(IReadOnlyList<ComputedNode> order, IReadOnlyList<CrossingValue> values, int from, int to)
    {
        var reads = order.Skip(from).Take(to - from).SelectMany(node => node.Reads).ToHashSet(StringComparer.Ordinal);
        return values.Where(value => value.Born < from && reads.Contains(value.Name)).Sum(value => value.Bytes);
    }
}
