using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Explanation;

/// <summary>
/// Compares the outputs of layers with those of the teacher on held-out rows. A layer whose output the teacher has by name is compared with that output, and
/// any other layer with the most similar layer of the teacher.
/// </summary>
/// <param name="models">The models.</param>
/// <param name="rows">The data, of which held-out rows are used.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="cancellationToken">Cancels the work.</param>
internal sealed class LayerComparison(ExplainedModels models, TrainingSet rows, int threads, CancellationToken cancellationToken)
{
    /// <summary>The largest number of held-out rows on which layers are compared.</summary>
    public const int MaxRows = 256;

    // The largest number of layers that are compared. If a model has more, layers at even distances are chosen, to limit time and memory.
    private const int MaxLayers = 64;

    // The largest number of channels of a compared layer. Layers with more channels, such as scores of all words, would take too much time and memory.
    private const int MaxChannels = 8192;

    /// <summary>Compares the layers, and returns their similarities.</summary>
    /// <param name="without">The name of a layer that is not compared, because it is new; null for none.</param>
    public IReadOnlyList<LayerSimilarity> Run(string? without = null)
    {
        var own = Spread([.. LayerEnds.Find(new Graph(models.After)).Where(end => end.Layer != without)]);
        var others = LayerEnds.Find(new Graph(models.Teacher));
        var named = own.Select(end => end.Value).ToHashSet(StringComparer.Ordinal);
        var pairs = others.Where(end => named.Contains(end.Value) && end.Layer != without).ToArray();
        LayerEnd[] candidates = pairs.Length == own.Count ? pairs : [.. pairs.Union(Spread(others))];
        var (student, teacher) = (Grams(models.After, own), Grams(models.Teacher, candidates));
        return [.. student.Select(layer => Similarity(layer, teacher)).OfType<LayerSimilarity>()];
    }

    private static LayerSimilarity? Similarity((LayerEnd End, CentredGram Gram) layer, IReadOnlyList<(LayerEnd End, CentredGram Gram)> teacher)
    {
        var named = teacher.Where(other => other.End.Value == layer.End.Value).ToArray();
        var best = (named.Length > 0 ? named : teacher)
            .Select(other => (other.End, Cka: layer.Gram.AlignmentWith(other.Gram)))
            .Where(other => other.Cka is not null)
            .MaxBy(other => other.Cka);
        return best.Cka is { } cka ? new LayerSimilarity(layer.End.Layer, best.End.Layer, named.Length > 0, cka) : null;
    }

    // Returns the centred Gram matrix of each layer's values. Rows run one by one, so that each value belongs to one row, whatever its axes are.
    private IReadOnlyList<(LayerEnd End, CentredGram Gram)> Grams(OnnxModel model, IReadOnlyList<LayerEnd> layers)
    {
        if (layers.Count == 0)
            return [];
        var features = layers.Select(_ => new List<float[]>()).ToArray();
        var count = 0;
        using var runs = new ForwardRuns(model, layers.Select(layer => layer.Value), threads);
        foreach (var row in rows.HeldOut(1).Take(MaxRows))
        {
            var values = runs.Run(ForwardRuns.Inputs(row), cancellationToken);
            count++;
            foreach (var (layer, list) in layers.Zip(features))
                if (values.TryGetValue(layer.Value, out var value) && Axis(layer, value) is { } axis)
                    list.Add(ChannelMeans.Of(value, axis));
        }

        return [.. layers.Zip(features).Where(pair => IsComplete(pair.Second, count)).Select(pair => (pair.First, CentredGram.Of(pair.Second)))];
    }

    private static int? Axis(LayerEnd layer, FloatValue value)
    {
        var axis = layer.IsConvolution ? 1 : value.Shape.Length - 1;
        return axis > 0 && axis < value.Shape.Length && value.Shape[axis] <= MaxChannels && value.Values.Length > 0 ? axis : null;
    }

    private static bool IsComplete(List<float[]> features, int count) =>
        features.Count == count && features.All(row => row.Length == features[0].Length && Array.TrueForAll(row, float.IsFinite));

    // Chooses layers at even distances, with the last layer of the model among them.
    private static IReadOnlyList<LayerEnd> Spread(IReadOnlyList<LayerEnd> layers) =>
        layers.Count <= MaxLayers ? layers : [.. Enumerable.Range(1, MaxLayers).Select(i => layers[(i * layers.Count / MaxLayers) - 1])];
}
