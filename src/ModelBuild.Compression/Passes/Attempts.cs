using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>Extensions for passes that change a clone of the model and keep or discard the result.</summary>
internal static class Attempts
{
    /// <summary>Replaces the content of the model with that of its rewritten clone. The clone must not be used afterwards.</summary>
    public static void TakeOver(this OnnxModel model, OnnxModel copy)
    {
        model.Proto.Graph = copy.Proto.Graph;
        foreach (var import in copy.Proto.OpsetImport)
            model.ImportOpset(import.Domain, import.Version);
    }
}
