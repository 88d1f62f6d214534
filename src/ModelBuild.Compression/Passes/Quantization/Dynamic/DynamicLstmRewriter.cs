using ModelBuild.Compression.Operators.Undefined;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Dynamic;

/// <summary>
/// Replaces LSTM by com.microsoft.DynamicQuantizeLSTM (ONNX Runtime's contributed operators). W [directions, 4·hidden, input] and R [directions, 4·hidden,
/// hidden] are quantized and stored with the last two axes swapped, followed by their scales and zero points.
/// </summary>
internal static class DynamicLstmRewriter
{
    // The number of inputs of LSTM: X, W, R, B, sequence_lens, initial_h, initial_c, P.
    private const int LstmInputs = 8;

    /// <summary>Rewrites an LSTM for which <see cref="DynamicLayer.WhyNot"/> returns null.</summary>
    public static void Rewrite(Graph scope, NodeProto node, DynamicWeights weights)
    {
        var quantized = node.Clone();
        quantized.OpType = "DynamicQuantizeLSTM";
        quantized.Domain = Domains.Microsoft;
        // The attribute 'layout' is removed, because DynamicQuantizeLSTM does not have it. Its value is always 0 in an LSTM that is rewritten.
        quantized.RemoveAttribute("layout");
        while (quantized.Input.Count < LstmInputs)
            quantized.Input.Add("");

        var scales = new List<string>();
        foreach (var input in new[] { 1, 2 })
        {
            var names = weights.Recurrent(scope, node.Input[input]);
            quantized.Input[input] = names.Values;
            scales.AddRange([names.Scale, names.ZeroPoint]);
        }

        quantized.Input.Add(scales);
        scope.Replace(node, quantized);
    }
}
