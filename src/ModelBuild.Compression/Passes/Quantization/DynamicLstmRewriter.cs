using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// LSTM becomes com.microsoft.DynamicQuantizeLSTM (ONNX Runtime's contributed operators): W [directions, 4·hidden, input] and R [directions, 4·hidden, hidden]
/// are quantized and stored with the last two axes swapped, followed by their scales and zero points.
/// </summary>
internal static class DynamicLstmRewriter
{
    // Inputs of LSTM: X, W, R, B, sequence_lens, initial_h, initial_c, P.
    private const int LstmInputs = 8;

    /// <summary>Rewrites a node that <see cref="DynamicLayer.WhyNotLstm"/> has nothing against.</summary>
    public static void Rewrite(Graph scope, NodeProto node, bool perChannel)
    {
        var quantized = node.Clone();
        quantized.OpType = "DynamicQuantizeLSTM";
        quantized.Domain = "com.microsoft";
        if (quantized.Attribute.FirstOrDefault(attribute => attribute.Name == "layout") is { } layout)
            quantized.Attribute.Remove(layout);
        while (quantized.Input.Count < LstmInputs)
            quantized.Input.Add("");

        var scales = new List<string>();
        foreach (var input in new[] { 1, 2 })
        {
            var (values, scale, zeroPoint) = Quantize(scope, node.Input[input], perChannel);
            quantized.Input[input] = values;
            scales.Add(scale);
            scales.Add(zeroPoint);
        }

        quantized.Input.Add(scales);
        scope.Replace(node, quantized);
    }

    private static (string Values, string Scale, string ZeroPoint) Quantize(Graph scope, string name, bool perChannel)
    {
        var weight = scope.Constant(name);
        var (directions, gates, inputs) = ((int)weight.Dims[0], (int)weight.Dims[1], (int)weight.Dims[2]);
        var (values, scales) = SymmetricInt8.Quantize(weight.Span<float>(), [directions, gates, inputs], [directions, perChannel ? gates : 1, 1]);
        var swapped = new sbyte[values.Length];
        for (var d = 0; d < directions; d++)
            for (var g = 0; g < gates; g++)
                for (var i = 0; i < inputs; i++)
                    swapped[(d * inputs + i) * gates + g] = values[(d * gates + g) * inputs + i];

        long[] scaleShape = perChannel ? [directions, gates] : [directions];
        var names = (Values: scope.FreshName($"{name}_int8"), Scale: scope.FreshName($"{name}_scale"), ZeroPoint: scope.FreshName($"{name}_zero_point"));
        scope.AddInitializer(Tensors.Create(names.Values, [directions, inputs, gates], swapped));
        scope.AddInitializer(Tensors.Create(names.Scale, scaleShape, scales));
        scope.AddInitializer(Tensors.Create(names.ZeroPoint, scaleShape, new sbyte[scales.Length]));
        return names;
    }
}
