using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>Unfolds the weights that a model stores in another form than float32, in all forms that the steps of recipes write.</summary>
internal static class StoredValues
{
    /// <summary>Unfolds the weights in the copy of a model that is trained, and returns the values that training may change.</summary>
    /// <param name="graph">The main graph of the copy.</param>
    /// <param name="keepsZeros">Whether codes that are zero stay zero.</param>
    /// <returns>The values that training may change. Each is a float32 constant of the copy.</returns>
    public static IReadOnlyList<TrainedValue> Unfold(Graph graph, bool keepsZeros)
    {
        var constants = new StoredConstants(graph, keepsZeros);
        var inputs = new DynamicInputs(constants);
        new DynamicProducts(constants, inputs).Unfold();
        new DynamicLayers(constants, inputs).Unfold();
        new BlockedRows(constants).Unfold();
        new QuantizedValues(constants).Unfold();
        new CastValues(constants).Unfold();
        if (constants.Values.Count > 0)
            new DeadCodeElimination().Apply(graph, CancellationToken.None);
        return constants.Values;
    }
}
