using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Receipts;

/// <summary>
/// Determines whether only the file is smaller: the weights are stored in few bits, but ONNX Runtime converts them to float32 when it loads the model.
/// </summary>
internal static class DiskGain
{
    /// <summary>The text that a verdict adds when only the file is smaller.</summary>
    public const string Remark = "once loaded, the model takes as much memory and time as before";

    /// <summary>
    /// Returns whether the file is smaller while the loaded model holds as many bytes of constants and has as many multiply-adds in the same arithmetic.
    /// </summary>
    /// <param name="original">The facts of the original.</param>
    /// <param name="compressed">The facts of the result.</param>
    /// <param name="originalModel">The graph of the original.</param>
    /// <param name="result">The graph of the result.</param>
    public static bool IsAll(FileFacts original, FileFacts compressed, OnnxModel originalModel, OnnxModel result) =>
        compressed.Bytes < Receipt.AboutAsLarge * original.Bytes
        && LoadedSize.Of(result) >= Receipt.AboutAsLarge * LoadedSize.Of(originalModel)
        && compressed.MultiplyAdds >= Receipt.AboutAsLarge * original.MultiplyAdds
        && !IntegerOperators.IsQuantized(result);
}
