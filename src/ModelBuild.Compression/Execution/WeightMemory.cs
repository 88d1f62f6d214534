using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Releases the memory of weights that were read from a large model, one layer after another: mapped bytes and their conversions to float.</summary>
internal sealed class WeightMemory
{
    // The size in bytes of released weights after which unused memory is returned to the operating system. Temporary copies of the weights take several times
    // as much memory as the weights.
    private const long Enough = 32 << 20;

    private long _bytes;

    /// <summary>Releases the memory of a layer's weights, which are not needed at present.</summary>
    public void Done(TensorProto weight)
    {
        weight.Release();
        _bytes += weight.RawData.Length;
        if (_bytes < Enough)
            return;
        LargeModels.CollectAfterRelease(_bytes);
        _bytes = 0;
    }
}
