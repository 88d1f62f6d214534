using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>The standard forms of operators that quantize.</summary>
internal static class ContribQuantization
{
    private const long FirstOpset = 13;

    /// <summary>
    /// Writes QuantizeLinear or DequantizeLinear of ONNX Runtime as the standard operator, which has the same inputs. Codes of 16 bits need opset 21.
    /// </summary>
    public static bool Standard(NodeWriter writer)
    {
        if (writer.Opset < OpsetUpgrade.Target && (writer.Opset < FirstOpset || writer.HasWideCodes))
            return false;
        var result = writer.Add(writer.Node.OpType, [.. writer.Node.Input]);
        writer.CopyAttributes([]);
        return writer.Replace(result);
    }

    /// <summary>Writes a product that quantizes its first operand as DynamicQuantizeLinear and the product of <see cref="ScaledProduct"/>.</summary>
    public static bool DynamicProduct(NodeWriter writer)
    {
        var node = writer.Node;
        var (codes, scale, point) = writer.DynamicCodes(node.Input[0]);
        return Write(writer, codes, node.Input[1], scale, node.Input[2], point, node.InputAt(3), node.InputAt(4));
    }

    /// <summary>Writes a product of codes as MatMulInteger, times the product of the scales, plus a bias if there is one.</summary>
    public static bool ScaledProduct(NodeWriter writer)
    {
        var node = writer.Node;
        return Write(writer, node.Input[0], node.Input[1], node.Input[2], node.Input[3], node.InputAt(4), node.InputAt(5), node.InputAt(6));
    }

    private static bool Write(NodeWriter writer, string a, string b, string scaleA, string scaleB, string pointA, string pointB, string bias)
    {
        string[] inputs =
            pointB.Length > 0 ? [a, b, pointA, pointB]
            : pointA.Length > 0 ? [a, b, pointA]
            : [a, b];
        var real = writer.Add("Cast", [writer.Add("MatMulInteger", inputs)], ("to", (long)DataType.Float));
        var result = writer.Add("Mul", [real, writer.Add("Mul", [scaleA, scaleB])]);
        return writer.Replace(bias.Length > 0 ? writer.Add("Add", [result, bias]) : result);
    }
}
