using System.Text.Json;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Inspection;

/// <summary>Compares the layers of a result with those of the original, and lists the graph of the result.</summary>
internal sealed class ModelInspection
{
    // The largest numbers of layers and nodes that a receipt lists. If a model has more layers, those with the most bytes or multiply-adds are listed.
    private const int MaxLayers = 48;
    private const int MaxNodes = 1000;

    private readonly InspectedModel _original;
    private readonly InspectedModel _result;
    private readonly NodeForms _forms;

    /// <param name="original">The original.</param>
    /// <param name="result">The result.</param>
    /// <param name="inputShapes">The input shapes of the call whose multiply-adds are counted.</param>
    /// <param name="steps">The reports of the steps.</param>
    public ModelInspection(OnnxModel original, OnnxModel result, IReadOnlyDictionary<string, long[]> inputShapes, IReadOnlyList<StepReport> steps)
    {
        (_original, _result) = (new InspectedModel(original, inputShapes), new InspectedModel(result, inputShapes));
        _forms = new NodeForms(_result, steps);
    }

    /// <summary>Returns the facts about the layers and the graph of the result for a receipt.</summary>
    /// <param name="errors">Measures the errors of layers; null if they are not measured.</param>
    /// <param name="samples">The calls of the measurement; null if they are not measured.</param>
    public InspectionFacts Run(LayerErrors? errors, ISampleSource? samples)
    {
        var all = LayerPairs.Of(_original, _result).Select(Describe).ToArray();
        var (bytes, work) = (
            Math.Max(1, all.Max(one => (long?)one.Facts.BytesBefore) ?? 1),
            Math.Max(1, all.Max(one => (long?)one.Facts.MultiplyAddsBefore) ?? 1)
        );
        (LayerFacts Facts, LayerShare? Before, LayerShare? After)[] listed =
        [
            .. all.Index()
                .OrderByDescending(one => Math.Max(Larger(one.Item.Facts, bytes: true) / bytes, Larger(one.Item.Facts, bytes: false) / work))
                .Take(MaxLayers)
                .OrderBy(one => one.Index)
                .Select(one => one.Item),
        ];
        var (layers, histograms, calls) = errors is null || samples is null ? ([.. listed.Select(one => one.Facts)], [], 0) : errors.Measure(listed, samples);
        var nodes = new GraphLevels(_result, _forms).List().ToArray();
        return new InspectionFacts(
            layers,
            all.Length - listed.Length,
            new SortedDictionary<string, long>(
                _result
                    .Layers.Where(layer => layer.MultiplyAdds > 0)
                    .GroupBy(layer => JsonNamingPolicy.CamelCase.ConvertName(_forms.Of(layer.Scope, layer.Node).ToString()))
                    .ToDictionary(group => group.Key, group => group.Sum(layer => layer.MultiplyAdds)),
                StringComparer.Ordinal
            ),
            calls,
            histograms,
            [.. nodes.Take(MaxNodes)],
            Math.Max(0, nodes.Length - MaxNodes)
        );
    }

    private static double Larger(LayerFacts facts, bool bytes) =>
        bytes ? Math.Max(facts.BytesBefore, facts.BytesAfter) : Math.Max(facts.MultiplyAddsBefore, facts.MultiplyAddsAfter);

    private (LayerFacts Facts, LayerShare? Before, LayerShare? After) Describe((LayerShare? Before, IReadOnlyList<LayerShare> After) pair)
    {
        var shown = pair.Before ?? pair.After[0];
        // The node that computes the output of the layer in the result. If several nodes replace a layer, that is the last of them.
        var after = pair.After.Count > 0 ? pair.After[^1] : null;
        var form = pair.After.MaxBy(layer => layer.MultiplyAdds) is { } main ? _forms.Of(main.Scope, main.Node) : NodeForm.Float;
        return (
            new LayerFacts(
                shown.Name,
                shown.Node.OpType,
                form,
                pair.Before?.Bytes ?? 0,
                pair.After.Sum(layer => layer.Bytes),
                pair.Before?.MultiplyAdds ?? 0,
                pair.After.Sum(layer => layer.MultiplyAdds)
            ),
            pair.Before,
            after
        );
    }
}
