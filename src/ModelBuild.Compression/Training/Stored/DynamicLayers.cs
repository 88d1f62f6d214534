using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// Replaces DynamicQuantizeLSTM and QAttention (ONNX Runtime's contributed operators) by LSTM and Attention of the rounded activations and of weights that the
/// training graph computes from codes and scales. DynamicQuantizeLSTM also rounds the hidden state before each step. LSTM does not, so that its outputs differ
/// by that rounding.
/// </summary>
/// <param name="constants">The constants that are replaced.</param>
/// <param name="inputs">The activations that are rounded.</param>
internal sealed class DynamicLayers(StoredConstants constants, DynamicInputs inputs)
{
    // The number of inputs of LSTM: X, W, R, B, sequence_lens, initial_h, initial_c, P. In DynamicQuantizeLSTM the scales and zero points of W and R follow.
    private const int LstmInputs = 8;

    private readonly Dictionary<string, string> _weights = new(StringComparer.Ordinal);

    /// <summary>Replaces the DynamicQuantizeLSTM and QAttention nodes in the main graph of the copy that is trained.</summary>
    public void Unfold()
    {
        foreach (var node in constants.Graph.Nodes.ToArray())
            if (node.Is("DynamicQuantizeLSTM", Domains.Microsoft))
                Lstm(node);
            else if (node.Is("QAttention", Domains.Microsoft))
                Attention(node);
    }

    private void Lstm(NodeProto node)
    {
        if (
            Weights(node, node.Input[1], node.InputAt(LstmInputs), node.InputAt(LstmInputs + 1)) is not { } weights
            || Weights(node, node.Input[2], node.InputAt(LstmInputs + 2), node.InputAt(LstmInputs + 3)) is not { } recurrent
        )
            return;
        string[] read = [inputs.Rounded(node.Input[0], node), weights, recurrent, .. Enumerable.Range(3, LstmInputs - 3).Select(node.InputAt)];
        Replace(node, "LSTM", "", read);
    }

    // Processes a QAttention, whose inputs are X, W, bias, X scale, W scale, mask, X zero point, W zero point, past.
    private void Attention(NodeProto node)
    {
        if (
            constants.Graph.Producer(node.Input[0]) is not { OpType: "DynamicQuantizeLinear" } quantize
            || Weights(node, node.Input[1], node.Input[4], node.InputAt(7)) is not { } weights
        )
            return;
        Replace(node, "Attention", Domains.Microsoft, [inputs.Dequantized(quantize, node), weights, node.Input[2], node.InputAt(5), node.InputAt(8)]);
    }

    private void Replace(NodeProto node, string opType, string domain, string[] read)
    {
        var names = read.Reverse().SkipWhile(name => name.Length == 0).Reverse();
        var replacement = Nodes.Create(opType, names, node.Output, node.Name, domain);
        replacement.Attribute.Add(node.Attribute);
        constants.Graph.Replace(node, replacement);
    }

    // Returns the name of the float weights. Codes of three dimensions are those of an LSTM, [directions, inputs, gates], where the operator LSTM has
    // [directions, gates, inputs].
    private string? Weights(NodeProto node, string codes, string scales, string zeroPoints)
    {
        if (_weights.TryGetValue(codes, out var known))
            return known;
        var graph = constants.Graph;
        if (
            !graph.TryGetConstant(codes, out var tensor)
            || CodeFormat.Of(codes, tensor) is not { } format
            || !graph.TryGetConstant(scales, out var scale)
            || scale.DataType != (int)DataType.Float
            || !constants.AreZero(zeroPoints)
        )
            return null;
        var isRecurrent = tensor.Dims.Count == 3;
        var real = constants.Codes(codes, format, [.. tensor.Dims], scale.Span<float>());
        var factors = constants.Scales(scales).Input.Name;
        if (isRecurrent)
            factors = constants.Reshape(node, factors, [tensor.Dims[0], 1, scale.Dims.Count == 2 ? scale.Dims[1] : 1]);
        var product = constants.Emit(node, "Mul", [real, factors]);
        return _weights[codes] = isRecurrent ? constants.Emit(node, "Transpose", [product], ("perm", (long[])[0, 2, 1])) : product;
    }
}
