using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// Unfolds QuantizeLinear and DequantizeLinear. Weights become (codes − zero point) · scale in float32, biases in int32 become float32, and the scales of
/// activations are trained together with the network (LSQ: Esser et al., "Learned step size quantization", 2020).
/// </summary>
/// <param name="constants">The constants that are replaced.</param>
internal sealed class QuantizedValues(StoredConstants constants)
{
    private readonly Dictionary<string, string> _scaleOf = new(StringComparer.Ordinal);

    /// <summary>Unfolds the QuantizeLinear and DequantizeLinear nodes in the main graph of the copy that is trained.</summary>
    public void Unfold()
    {
        var graph = constants.Graph;
        foreach (var node in graph.Nodes.Where(IsPair))
            // Contributed quantizers become standard ones. The training graph has an opset whose standard operators do what the contributed operators of the
            // same names do.
            node.Domain = "";
        foreach (var node in graph.Nodes.Where(node => node.Is("Clip")).ToArray())
            Limit(node);
        foreach (var node in graph.Nodes.Where(node => node.Is("QuantizeLinear")))
            Activation(node);
        NodeProto[] dequantized = [.. graph.Nodes.Where(node => node.Is("DequantizeLinear"))];
        foreach (var node in dequantized)
            _scaleOf[node.Output[0]] = node.Input[1];
        foreach (var node in dequantized)
            if (graph.TryGetConstant(node.Input[0], out var codes))
                Constant(node, codes);
    }

    private static bool IsPair(NodeProto node) => node.Is("QuantizeLinear", Domains.Microsoft) || node.Is("DequantizeLinear", Domains.Microsoft);

    // Replaces a Clip of integer codes by a Clip of the values before the quantizer, where it has a gradient.
    private void Limit(NodeProto clip)
    {
        var graph = constants.Graph;
        if (
            graph.Producer(clip.Input[0]) is not { OpType: "QuantizeLinear" } quantize
            || !graph.TryGetConstant(clip.InputAt(1), out var least)
            || !graph.TryGetConstant(clip.InputAt(2), out var largest)
            || !graph.TryGetConstant(quantize.InputAt(2), out var zero)
            || zero.ElementCount() != 1
        )
            return;
        var limits = new[] { least, largest }.Select(limit => Code(limit) - Code(zero)).ToArray();
        var names = Array.ConvertAll(limits, limit => constants.Emit(quantize, "Mul", [quantize.Input[1], constants.Constant("limit", Number(limit))]));
        graph.SetInput(quantize, 0, constants.Emit(quantize, "Clip", [quantize.Input[0], .. names]));
        graph.ReplaceUses(clip.Output[0], clip.Input[0]);
        graph.Remove(clip);
    }

    private static float Code(TensorProto code) => CodeFormat.Of("", code)!.Read(code)[0];

    private static Func<string, TensorProto> Number(float value) => name => Tensors.Create(name, [], new[] { value });

    private void Activation(NodeProto quantize)
    {
        var graph = constants.Graph;
        if (graph.IsConstant(quantize.Input[0]) || !graph.TryGetConstant(quantize.Input[1], out var scale) || scale.DataType != (int)DataType.Float)
            return;
        foreach (
            var use in graph.Consumers(quantize.Output[0]).Where(use => use.Node.Is("DequantizeLinear") && use.Node.Input[1] != quantize.Input[1]).ToArray()
        )
        {
            if (!graph.TryGetConstant(use.Node.Input[1], out var other) || !other.Span<float>().SequenceEqual(scale.Span<float>()))
                return;
            constants.Alias(quantize.Input[1], use.Node.Input[1]);
            graph.SetInput(use.Node, 1, quantize.Input[1]);
        }

        constants.Scales(quantize.Input[1]);
    }

    private void Constant(NodeProto node, TensorProto codes)
    {
        if (codes.DataType == (int)DataType.Int32)
            Bias(node, codes);
        else if (CodeFormat.Of(node.Input[0], codes) is { } format)
            Weights(node, codes, format);
    }

    private void Weights(NodeProto node, TensorProto codes, CodeFormat format)
    {
        var graph = constants.Graph;
        if (!graph.TryGetConstant(node.Input[1], out var scale) || scale.DataType != (int)DataType.Float)
            return;
        var layout = BroadcastScales.Of([.. codes.Dims], [.. scale.Dims], (int)node.GetInt("axis", 1), node.GetInt("block_size", 0));
        if (layout is null)
            return;
        var value = constants.Codes(node.Input[0], format, [.. codes.Dims], scale.Span<float>());
        if (layout.IsBlocked)
            value = constants.Reshape(node, value, layout.Codes);
        if (node.InputAt(2).Length > 0 && graph.TryGetConstant(node.Input[2], out var zeroPoint))
        {
            var points = CodeFormat.Of(node.Input[2], zeroPoint)!.Read(zeroPoint);
            if (points.Any(point => point != 0))
                value = constants.Emit(node, "Sub", [value, constants.Constant("zero points", name => Tensors.Create(name, layout.Scales, points))]);
        }

        var scales = constants.Reshape(node, constants.Scales(node.Input[1]).Input.Name, layout.Scales);
        if (layout.IsBlocked)
        {
            var scaled = constants.Emit(node, "Mul", [value, scales]);
            var shape = constants.Constant("shape", name => Tensors.Create(name, [codes.Dims.Count], codes.Dims.ToArray()));
            graph.Replace(node, Nodes.Create("Reshape", [scaled, shape], [node.Output[0]], node.Name));
        }
        else
        {
            graph.Replace(node, Nodes.Create("Mul", [value, scales], [node.Output[0]], node.Name));
        }
    }

    private void Bias(NodeProto node, TensorProto codes)
    {
        var graph = constants.Graph;
        if (
            graph.Consumers(node.Output[0]) is not [{ Index: 2 } use]
            || !graph.TryGetConstant(node.Input[1], out var scale)
            || !_scaleOf.TryGetValue(use.Node.Input[0], out var input)
            || !_scaleOf.TryGetValue(use.Node.Input[1], out var weights)
            || !graph.TryGetConstant(input, out var inputScale)
            || inputScale.ElementCount() != 1
        )
            return;
        var scales = scale.ToFloats();
        var integers = codes.Span<int>().ToArray();
        float[] values = [.. integers.Select((code, i) => code * scales[scales.Length == 1 ? 0 : i])];
        var parameter = new Parameter(node.Output[0], [.. codes.Dims], values);
        constants.Add(
            new BiasValue(
                parameter,
                node.Input[0],
                node.Input[1],
                [.. scale.Dims],
                constants.Scales(input).Input.Values,
                constants.Scales(weights).Input.Values
            )
        );
        graph.Remove(node);
        graph.AddInitializer(Tensors.Create(parameter.Name, parameter.Shape, values));
    }
}
