using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>A matrix product whose weights are int8 with a scale for each output column, and whose activation is quantized in each call.</summary>
/// <param name="source">The product's node in the reference model.</param>
/// <param name="input">The float activation.</param>
/// <param name="main">The main graph.</param>
/// <param name="names">The initializers of the weights, [K, N].</param>
internal sealed class DynamicProduct(NodeProto source, string input, Graph main, DynamicWeights.Names names) : QuantizedLayer(source, input)
{
    private const int Bits = 8;

    /// <summary>The layer as it was quantized.</summary>
    /// <param name="source">The product's node in the reference model.</param>
    /// <param name="input">The float activation.</param>
    /// <param name="main">The main graph.</param>
    /// <param name="names">The initializers of the weights.</param>
    /// <param name="weights">The weights before rounding [N, K].</param>
    /// <param name="columns">K.</param>
    public static DynamicProduct Of(NodeProto source, string input, Graph main, DynamicWeights.Names names, float[] weights, int columns)
    {
        var rule = new SymmetricGrid(Bits) { Shared = main.Constant(names.Scale).Dims.Count == 0 };
        var grid = rule.Fit(weights, weights.Length / columns, columns);
        return new DynamicProduct(source, input, main, names)
        {
            Groups = 1,
            Outputs = weights.Length / columns,
            Inputs = columns,
            Weights = weights,
            Bias = null,
            GridRule = rule,
            Grid = grid,
            Codes = grid.Round(weights),
        };
    }

    /// <inheritdoc/>
    public override void Write()
    {
        var codes = Matrix.Transpose<int>(Codes, Inputs);
        main.ReplaceConstant(names.Values, Tensors.Create<sbyte>(names.Values, [Inputs, Outputs], Array.ConvertAll(codes, code => (sbyte)code)));
        var scales = GridRule.Shared
            ? Tensors.Create<float>(names.Scale, [], [Grid.Scales[0]])
            : Tensors.Create<float>(names.Scale, [Outputs], Grid.Scales);
        main.ReplaceConstant(names.Scale, scales);
    }
}
