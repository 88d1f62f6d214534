using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Brings a model into the form that steps work on: it calls no local functions, and its weights are constants.</summary>
internal static class ModelPreparation
{
    /// <summary>Inlines local functions, and removes weights from the inputs of the graph.</summary>
    public static void Prepare(OnnxModel model)
    {
        LocalFunctions.Inline(model);
        PinInitializers(model);
    }

    /// <summary>A prepared copy; the model stays as it is.</summary>
    public static OnnxModel PreparedCopy(OnnxModel model)
    {
        var copy = model.Clone();
        Prepare(copy);
        return copy;
    }

    // Old exporters list weights as graph inputs, so that a caller may replace them. Wrappers offer the real inputs only, so the defaults are final.
    // Without this step no weight of such a model counts as a constant.
    private static void PinInitializers(OnnxModel model)
    {
        var graph = model.Proto.Graph;
        var initializers = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var input in graph.Input.Where(input => initializers.Contains(input.Name)).ToArray())
            graph.Input.Remove(input);
        // From IR 4 on an initializer need not be an input.
        model.Proto.IrVersion = Math.Max(4, model.Proto.IrVersion);
    }
}
