using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes;

/// <summary>Passes that try something on a copy, and may keep it.</summary>
internal static class Attempts
{
    /// <summary>Makes the model what its rewritten copy is; the copy is not to be used for anything else afterwards.</summary>
    public static void TakeOver(this OnnxModel model, OnnxModel copy)
    {
        model.Proto.Graph = copy.Proto.Graph;
        foreach (var import in copy.Proto.OpsetImport)
            model.ImportOpset(import.Domain, import.Version);
    }
}
