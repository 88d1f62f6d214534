using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Prepares a model for the steps of a recipe: it calls no local functions, and its weights are constants.</summary>
internal static class ModelPreparation
{
    /// <summary>Inlines local functions and removes weights from the inputs of the graph.</summary>
    public static void Prepare(OnnxModel model)
    {
        LocalFunctions.Inline(model);
        PinInitializers(model);
    }

    /// <summary>Returns a copy of the model that is prepared for the steps of a recipe. The model does not change.</summary>
    public static OnnxModel PreparedCopy(OnnxModel model)
    {
        var copy = model.Clone();
        Prepare(copy);
        return copy;
    }

    // Removes weights from the inputs of the graph. Old exporters list weights as graph inputs, so that a caller may replace them. Generated classes expose
    // only the other inputs, so that the weights are constant. Without this change no pass would treat weights as constants.
    private static void PinInitializers(OnnxModel model)
    {
        var graph = model.Proto.Graph;
        var initializers = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var input in graph.Input.Where(input => initializers.Contains(input.Name)).ToArray())
            graph.Input.Remove(input);
        // The IR version of the model becomes at least 4, because from this version on an initializer need not be an input.
        model.Proto.IrVersion = Math.Max(4, model.Proto.IrVersion);
    }
}
