using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>The standard forms of normalizations, with and without the sum that comes before them.</summary>
internal static class ContribNormalizations
{
    private const long FirstOpsetOfLayerNormalization = 17;
    private const long AxesAreInputs = 18;

    // Outputs of the operators with a sum.
    private const int Mean = 1;
    private const int Deviation = 2;

    /// <summary>LayerNormalization of input + skip + bias over the last axis. The fourth output is the sum.</summary>
    public static bool Skip(NodeWriter writer)
    {
        var node = writer.Node;
        if (writer.Opset < FirstOpsetOfLayerNormalization || writer.HasOutput(Mean) || writer.HasOutput(Deviation))
            return false;
        var sum = Sum(writer, node.InputAt(4));
        string[] inputs = node.InputAt(3).Length > 0 ? [sum, node.Input[2], node.Input[3]] : [sum, node.Input[2]];
        var result = writer.Add("LayerNormalization", inputs, ("axis", -1L), ("epsilon", node.GetFloat("epsilon", 1e-12f)));
        writer.Replace(result, "", "", sum);
        return true;
    }

    /// <summary>The root mean square normalization of input + skip + bias over the last axis. The fourth output is the sum.</summary>
    public static bool SkipSimplified(NodeWriter writer)
    {
        if (writer.HasOutput(Mean) || writer.HasOutput(Deviation))
            return false;
        var sum = Sum(writer, writer.Node.InputAt(3));
        writer.Replace(RootMeanSquare(writer, sum, writer.Node.Input[2], axis: -1, writer.Node.GetFloat("epsilon", 1e-12f)), "", "", sum);
        return true;
    }

    /// <summary>The root mean square normalization over the last axis (Zhang and Sennrich 2019, arXiv 1910.07467).</summary>
    public static bool Simplified(NodeWriter writer)
    {
        var (node, axis) = (writer.Node, writer.Node.GetInt("axis", -1));
        if (writer.HasOutput(1) || (axis != -1 && axis + 1 != writer.Rank(node.Input[0])))
            return false;
        writer.Replace(RootMeanSquare(writer, node.Input[0], node.Input[1], axis, node.GetFloat("epsilon", 1e-5f)));
        return true;
    }

    private static string Sum(NodeWriter writer, string bias)
    {
        var sum = writer.Add("Add", [writer.Node.Input[0], writer.Node.Input[1]]);
        return bias.Length > 0 ? writer.Add("Add", [sum, bias]) : sum;
    }

    private static string RootMeanSquare(NodeWriter writer, string x, string gain, long axis, float epsilon)
    {
        var square = writer.Add("Mul", [x, x]);
        var mean =
            writer.Opset >= AxesAreInputs
                ? writer.Add("ReduceMean", [square, writer.Integers(axis)])
                : writer.Add("ReduceMean", [square], ("axes", new[] { axis }));
        var root = writer.Add("Sqrt", [writer.Add("Add", [mean, writer.Scalar(epsilon)])]);
        return writer.Add("Mul", [writer.Add("Div", [x, root]), gain]);
    }
}
