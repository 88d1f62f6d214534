using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>The standard forms of normalizations, with and without the sum that comes before them.</summary>
internal static class ContribNormalizations
{
    private const long FirstOpsetOfLayerNormalization = 17;
    private const long AxesAreInputs = 18;

    /// <summary>The prefix of the names of nodes that compute in float32 in a float16 model, because the squares exceed the range of float16.</summary>
    public const string WideName = "root_mean_square_in_float32";

    // The indices of the optional outputs of SkipLayerNormalization and SkipSimplifiedLayerNormalization.
    private const int Mean = 1;
    private const int Deviation = 2;

    /// <summary>Writes the LayerNormalization of input + skip + bias over the last axis. The fourth output is the sum.</summary>
    public static bool Skip(NodeWriter writer)
    {
        var node = writer.Node;
        if (writer.Opset < FirstOpsetOfLayerNormalization || writer.HasOutput(Mean) || writer.HasOutput(Deviation))
            return false;
        var sum = Sum(writer, node.InputAt(4));
        string[] inputs = node.InputAt(3).Length > 0 ? [sum, node.Input[2], node.Input[3]] : [sum, node.Input[2]];
        var result = writer.Add("LayerNormalization", inputs, ("axis", -1L), ("epsilon", node.GetFloat("epsilon", 1e-12f)));
        return writer.Replace(result, "", "", sum);
    }

    /// <summary>Writes the root mean square normalization of input + skip + bias over the last axis. The fourth output is the sum.</summary>
    public static bool SkipSimplified(NodeWriter writer)
    {
        if (writer.HasOutput(Mean) || writer.HasOutput(Deviation))
            return false;
        var sum = Sum(writer, writer.Node.InputAt(3));
        return writer.Replace(RootMeanSquare(writer, sum, writer.Node.Input[2], axis: -1, writer.Node.GetFloat("epsilon", 1e-12f)), "", "", sum);
    }

    /// <summary>Writes the root mean square normalization over the last axis (Zhang and Sennrich 2019, arXiv 1910.07467).</summary>
    public static bool Simplified(NodeWriter writer)
    {
        var (node, axis) = (writer.Node, writer.Node.GetInt("axis", -1));
        if (writer.HasOutput(1) || (axis != -1 && axis + 1 != writer.Rank(node.Input[0])))
            return false;
        return writer.Replace(RootMeanSquare(writer, node.Input[0], node.Input[1], axis, node.GetFloat("epsilon", 1e-5f)));
    }

    private static string Sum(NodeWriter writer, string bias)
    {
        var sum = writer.Add("Add", [writer.Node.Input[0], writer.Node.Input[1]]);
        return bias.Length > 0 ? writer.Add("Add", [sum, bias]) : sum;
    }

    // Writes x divided by its root mean square. The square of a number above 255 exceeds the range of float16, so a float16 model computes the quotient in
    // float32.
    private static string RootMeanSquare(NodeWriter writer, string x, string gain, long axis, float epsilon)
    {
        var isNarrow = writer.Type == DataType.Float16;
        var wide = isNarrow ? Wide(writer, "Cast", [x], ("to", (long)DataType.Float)) : x;
        var square = Wide(writer, "Mul", [wide, wide]);
        var mean =
            writer.Opset >= AxesAreInputs
                ? Wide(writer, "ReduceMean", [square, writer.Integers(axis)])
                : Wide(writer, "ReduceMean", [square], ("axes", new[] { axis }));
        var root = Wide(writer, "Sqrt", [Wide(writer, "Add", [mean, writer.Scalar(epsilon, isNarrow ? DataType.Float : writer.Type)])]);
        var quotient = Wide(writer, "Div", [wide, root]);
        if (isNarrow)
            quotient = Wide(writer, "Cast", [quotient], ("to", (long)DataType.Float16));
        return writer.Add("Mul", [quotient, gain]);
    }

    private static string Wide(NodeWriter writer, string opType, string[] inputs, params (string Name, object Value)[] attributes) =>
        writer.AddNamed($"{WideName}/{writer.Node.Output[0]}/{opType}", opType, inputs, attributes);
}
