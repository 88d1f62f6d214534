using System.Diagnostics.CodeAnalysis;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>A layer whose weights are stored in one of the block formats.</summary>
internal sealed class BlockLayer : QuantizedLayer
{
    private readonly IBlockTensors _tensors;
    private readonly LayerBias? _bias;

    /// <param name="source">The layer's node in the reference model.</param>
    /// <param name="input">The value that the layer multiplies.</param>
    /// <param name="weights">The weights before rounding.</param>
    /// <param name="encoded">The codes, scales and zero points of the weights.</param>
    /// <param name="rule">The rule that the grid of codes was computed by.</param>
    /// <param name="tensors">The initializers that hold the codes.</param>
    /// <param name="bias">Writes a bias; null if the layer cannot have one.</param>
    [SetsRequiredMembers]
    public BlockLayer(NodeProto source, string input, WeightMatrix weights, EncodedWeights encoded, IGridRule rule, IBlockTensors tensors, LayerBias? bias)
        : base(source, input)
    {
        (_tensors, _bias) = (tensors, bias);
        Groups = WeightLayout.GroupsOf(source);
        Outputs = weights.Rows;
        Inputs = weights.Columns;
        Original = weights;
        Bias = bias?.Values.ToArray();
        GridRule = rule;
        Encoded = encoded;
    }

    /// <inheritdoc/>
    public override void Write()
    {
        _tensors.Write(Encoded);
        if (Bias is not null)
            _bias?.Write(Bias);
    }
}
