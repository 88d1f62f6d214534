using ModelBuild.Compression.Layers.Grids;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>The initializers of one quantized weight, in the layout of one format.</summary>
internal interface IBlockTensors
{
    /// <summary>Writes codes, scales and zero points into the initializers, in place.</summary>
    void Write(EncodedWeights weights);
}
