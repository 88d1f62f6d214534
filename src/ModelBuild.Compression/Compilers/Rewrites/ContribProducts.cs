using ModelBuild.Onnx;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>The standard forms of products with a factor, transposed operands, or an activation.</summary>
internal static class ContribProducts
{
    private const int AddedInput = 3;

    private static readonly string[] OwnAttributes = ["activation", "activation_params", "activation_alpha", "activation_beta", "activation_gamma"];

    /// <summary>Writes a product as MatMul. The last two axes of its operands may be swapped, and it may be multiplied by a factor.</summary>
    public static bool MatMul(NodeWriter writer)
    {
        var node = writer.Node;
        if (node.GetInt("transBatchA") != 0 || node.GetInt("transBatchB") != 0)
            return false;
        if (Operand(writer, 0, "transA") is not { } a || Operand(writer, 1, "transB") is not { } b)
            return false;
        var product = writer.Add("MatMul", [a, b]);
        var alpha = node.GetFloat("alpha", 1);
        return writer.Replace(alpha == 1 ? product : writer.Add("Mul", [product, writer.Scalar(alpha)]));
    }

    /// <summary>Writes a fused convolution as Conv, a sum with the fourth input if there is one, and an activation.</summary>
    public static bool Conv(NodeWriter writer)
    {
        var parameters = writer.Node.GetFloats("activation_params") ?? [];
        return Layer(writer, "Conv", parameters);
    }

    /// <summary>Writes a fused Gemm as Gemm and an activation.</summary>
    public static bool Gemm(NodeWriter writer)
    {
        float[] parameters = [writer.Node.GetFloat("activation_alpha"), writer.Node.GetFloat("activation_beta")];
        return Layer(writer, "Gemm", parameters);
    }

    private static string? Operand(NodeWriter writer, int index, string attribute)
    {
        var value = writer.Node.Input[index];
        if (writer.Node.GetInt(attribute) == 0)
            return value;
        if (writer.Rank(value) is not (>= 2 and var rank))
            return null;
        long[] order = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        return writer.Add("Transpose", [value], ("perm", order));
    }

    private static bool Layer(NodeWriter writer, string opType, float[] parameters)
    {
        var node = writer.Node;
        var activation = node.GetString("activation");
        if (!HasForm(activation, parameters.Length))
            return false;
        var result = writer.Add(opType, [.. node.Input.Take(AddedInput)]);
        writer.CopyAttributes(OwnAttributes);
        if (node.InputAt(AddedInput).Length > 0)
            result = writer.Add("Add", [result, node.Input[AddedInput]]);
        return writer.Replace(
            activation switch
            {
                "" => result,
                "LeakyRelu" => writer.Add(activation, [result], ("alpha", parameters[0])),
                "HardSigmoid" => writer.Add(activation, [result], ("alpha", parameters[0]), ("beta", parameters[1])),
                "Clip" => writer.Add(activation, [result, writer.Scalar(parameters[0]), writer.Scalar(parameters[1])]),
                _ => writer.Add(activation, [result]),
            }
        );
    }

    private static bool HasForm(string activation, int parameters) =>
        activation is "" or "Relu" or "Sigmoid" or "Tanh"
        || (activation is "LeakyRelu" && parameters >= 1)
        || (activation is "HardSigmoid" or "Clip" && parameters >= 2);
}
