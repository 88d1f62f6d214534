using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Profiling;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Inspection;

/// <summary>
/// Measures the errors that layers add, on a few calls, and the distributions of those that add most. The work is bounded in counts: large models run on
/// fewer calls, and the largest are not measured.
/// </summary>
/// <param name="original">The original with its weights.</param>
/// <param name="result">The result with its weights.</param>
/// <param name="cancellationToken">Cancels a running call, too.</param>
internal sealed class LayerErrors(OnnxModel original, OnnxModel result, CancellationToken cancellationToken)
{
    private const int MaxCalls = 32;
    private const int MaxDistributions = 3;

    // The first number limits the multiply-adds of all measured calls of one model. At least one call is measured. If one call has more multiply-adds than the
    // second number, no call is measured.
    private const double MaxWork = 2e9;
    private const double MaxWorkOfCall = 5e9;

    /// <summary>Returns whether a model is so large that its layers are not measured.</summary>
    public static bool AreTooLarge(OnnxModel model) => PartwiseRun.IsWorth(model);

    /// <summary>Returns the layers with their errors, the distributions, and the number of measured calls.</summary>
    /// <param name="layers">The layers with the nodes that compute their outputs before and after compression.</param>
    /// <param name="samples">The calls.</param>
    public (IReadOnlyList<LayerFacts> Layers, IReadOnlyList<HistogramFacts> Histograms, int Calls) Measure(
        IReadOnlyList<(LayerFacts Facts, LayerShare? Before, LayerShare? After)> layers,
        ISampleSource samples
    )
    {
        LayerFacts[] unmeasured = [.. layers.Select(layer => layer.Facts)];
        // A call with many rows is divided into calls of fewer rows, so that the work does not depend on the number of rows.
        var calls = RowBatches.Of(samples.Read(cancellationToken), SignatureReader.Read(original), rows: null, MaxCalls);
        var work = LayerWork.Total(original, calls[0].Shapes());
        if (work > MaxWorkOfCall)
            return (unmeasured, [], 0);
        Sample[] measured = [.. calls.Take((int)Math.Clamp(MaxWork / Math.Max(1, work), 1, MaxCalls))];
        var wanted = layers
            .SelectMany(layer => LayerValues.Of(layer.After).Concat(LayerValues.Of(layer.Before)))
            .Concat(original.Proto.Graph.Output.Select(output => output.Name))
            .ToHashSet(StringComparer.Ordinal);
        try
        {
            using var shared = SharedValues.Open(original, result, measured[0].Shapes(), wanted.Contains, cancellationToken);
            return shared is null ? (unmeasured, [], 0) : Measure(layers, shared, measured);
        }
        catch (OnnxRuntimeException)
        {
            // The layers are not measured, because one of the models does not run with the outputs of the layers as model outputs.
            return (unmeasured, [], 0);
        }
    }

    private (IReadOnlyList<LayerFacts> Layers, IReadOnlyList<HistogramFacts> Histograms, int Calls) Measure(
        IReadOnlyList<(LayerFacts Facts, LayerShare? Before, LayerShare? After)> layers,
        SharedValues shared,
        Sample[] calls
    )
    {
        var errors = GraphErrors.Measure(shared, original, calls).ToDictionary(error => error.Value, StringComparer.Ordinal);
        var measured = layers
            .Select(layer =>
                (
                    layer,
                    Error: LayerValues
                        .Of(layer.After)
                        .Concat(LayerValues.Of(layer.Before))
                        .Select(value => errors.GetValueOrDefault(value))
                        .OfType<ValueError>()
                        .FirstOrDefault()
                )
            )
            .ToArray();
        var worst = measured.Where(one => one.Error is { Added: > 0 }).OrderByDescending(one => one.Error!.Added).Take(MaxDistributions).ToArray();
        var histograms = new List<HistogramFacts>();
        var outputs = Values(shared, calls, [.. worst.Select(one => one.Error!.Value)]);
        var graph = new Graph(result);
        foreach (var (layer, error) in worst)
        {
            if (layer.Before is { } node && WeightValues.Of(original, node, cancellationToken) is { } weights)
                Add(Histogram.Of(layer.Facts.Name, isWeights: true, weights, WeightValues.Of(result, layer.After ?? node, cancellationToken)));
            if (Histogram.Of(layer.Facts.Name, isWeights: false, outputs[error!.Value].Before, outputs[error.Value].After) is { } values)
                Add(values with { CodeRange = CodeRange.Of(graph, error.Value) });
        }

        return (
            [
                .. measured.Select(one =>
                    one.Error is { } error
                        ? one.layer.Facts with
                        {
                            SqnrDb = Math.Round(error.SqnrDb, 1),
                            InputDb = Math.Round(error.BeforeDb, 1),
                        }
                        : one.layer.Facts
                ),
            ],
            histograms,
            errors.Count == 0 ? 0 : calls.Length
        );

        void Add(HistogramFacts? histogram)
        {
            if (histogram is not null)
                histograms.Add(histogram);
        }
    }

    private static Dictionary<string, (List<double> Before, List<double> After)> Values(SharedValues shared, Sample[] calls, string[] names)
    {
        var values = names
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, _ => (Before: new List<double>(), After: new List<double>()), StringComparer.Ordinal);
        if (values.Count == 0)
            return values;
        foreach (var sample in calls)
        foreach (var (name, before, after) in shared.Read(sample, [.. values.Keys]))
        {
            values[name].Before.AddRange(before.Numbers);
            values[name].After.AddRange(after.Numbers);
        }

        return values;
    }
}
