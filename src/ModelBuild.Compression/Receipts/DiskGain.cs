using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Receipts;

/// <summary>
/// Tells whether a result gains in its file only, as one does whose weights are stored narrow and are float32 again once ONNX Runtime has loaded them.
/// </summary>
internal static class DiskGain
{
    /// <summary>What a verdict adds where that is so.</summary>
    public const string Remark = "once loaded, the model takes as much memory and time as before";

    /// <summary>Whether the file is smaller, while the loaded model holds as many bytes of constants and multiplies as much in the same arithmetic.</summary>
    /// <param name="original">The original's facts.</param>
    /// <param name="compressed">The result's facts.</param>
    /// <param name="originalModel">The original's graph.</param>
    /// <param name="result">The result's graph.</param>
    public static bool IsAll(FileFacts original, FileFacts compressed, OnnxModel originalModel, OnnxModel result) =>
        compressed.Bytes < Receipt.AboutAsLarge * original.Bytes
        && LoadedSize.Of(result) >= Receipt.AboutAsLarge * LoadedSize.Of(originalModel)
        && compressed.MultiplyAdds >= Receipt.AboutAsLarge * original.MultiplyAdds
        && !IntegerOperators.IsQuantized(result);
}
