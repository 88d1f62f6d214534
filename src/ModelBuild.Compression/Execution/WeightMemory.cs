using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Lets go of what was read of a large model's weights, one layer after another: mapped bytes, and the copies in real numbers.</summary>
internal sealed class WeightMemory
{
    // Of weights: what is made of them on the way takes several times as much.
    private const long Enough = 32 << 20;

    private long _bytes;

    /// <summary>A layer's weights have been read, and are not needed for a while.</summary>
    public void Done(TensorProto weight)
    {
        weight.Release();
        _bytes += weight.RawData.Length;
        if (_bytes < Enough)
            return;
        LargeModels.LetGo(_bytes);
        _bytes = 0;
    }
}
