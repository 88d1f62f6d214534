using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>A matrix product whose weights are int8 with a scale for each output column, and whose activation is quantized in each call.</summary>
/// <param name="source">The product's node in the reference model.</param>
/// <param name="input">The float activation.</param>
/// <param name="main">The main graph.</param>
/// <param name="names">The initializers of the weights, [K, N].</param>
internal sealed class DynamicProduct(NodeProto source, string input, Graph main, DynamicWeights.Names names) : QuantizedLayer(source, input)
{
    private const int Bits = 8;

    /// <summary>Returns the layer as it was quantized.</summary>
    /// <param name="source">The product's node in the reference model.</param>
    /// <param name="input">The float activation.</param>
    /// <param name="main">The main graph.</param>
    /// <param name="names">The initializers of the weights.</param>
    /// <param name="weights">The weights before rounding [N, K].</param>
    public static DynamicProduct Of(NodeProto source, string input, Graph main, DynamicWeights.Names names, WeightMatrix weights)
    {
        var rule = new SymmetricGrid(Bits) { Shared = main.Constant(names.Scale).Dims.Count == 0 };
        return new DynamicProduct(source, input, main, names)
        {
            Groups = 1,
            Outputs = weights.Rows,
            Inputs = weights.Columns,
            Original = weights,
            Bias = null,
            GridRule = rule,
            Encoded = EncodedWeights.Encode(weights, rule, balanced: 0, CancellationToken.None),
        };
    }

    /// <inheritdoc/>
    public override void Write()
    {
        var layout = new WeightLayout([Inputs, Outputs], ChannelAxis: 1, Groups: 1);
        main.ReplaceConstant(names.Values, Tensors.Create(names.Values, DataType.Int8, layout.Shape, Encoded.ToTensor(layout)));
        var scales = GridRule.Shared
            ? Tensors.Create<float>(names.Scale, [], [Encoded.Grid.Scales[0]])
            : Tensors.Create<float>(names.Scale, [Outputs], Encoded.Grid.Scales);
        main.ReplaceConstant(names.Scale, scales);
    }
}
