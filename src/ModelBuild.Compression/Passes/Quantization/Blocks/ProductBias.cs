using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>Reads the operand that a Gemm adds to its product.</summary>
internal static class ProductBias
{
    /// <summary>Returns whether the Gemm adds an operand to its product.</summary>
    public static bool Exists(NodeProto node) =>
        WeightedOperator.FindLinear(node) is { BiasInput: { } input } found && node.InputAt(input).Length > 0 && found.Beta(node) != 0;

    /// <summary>
    /// Returns the added numbers, one for each output, multiplied by beta; null if they are not constant, or differ between rows of the input.
    /// </summary>
    public static float[]? Vector(Graph scope, NodeProto node, int outputs)
    {
        if (!Exists(node))
            return new float[outputs];
        if (!scope.TryGetConstant(node.Input[2], out var tensor) || tensor.DataType != (int)TensorProto.Types.DataType.Float)
            return null;
        var beta = WeightedOperator.Of(node).Beta(node);
        var values = tensor.Span<float>();
        var isRow = tensor.Dims.Count == 0 || tensor.ElementCount() == tensor.Dims[^1];
        if (!isRow || (values.Length != outputs && values.Length != 1))
            return null;
        var bias = new float[outputs];
        for (var i = 0; i < outputs; i++)
            bias[i] = beta * values[values.Length == 1 ? 0 : i];
        return bias;
    }
}
