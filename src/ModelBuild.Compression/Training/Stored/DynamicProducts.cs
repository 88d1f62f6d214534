using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// Replaces MatMulInteger(DynamicQuantizeLinear(X), W) · (x scale · w scale) by MatMul(X̂, W) · w scale, where X̂ is the dequantized activation, and lookups of
/// integer tables by lookups of float32 codes.
/// </summary>
/// <param name="constants">The constants that are replaced.</param>
/// <param name="inputs">The activations that are rounded.</param>
internal sealed class DynamicProducts(StoredConstants constants, DynamicInputs inputs)
{
    /// <summary>Replaces integer products and lookups of integer tables in the main graph of the copy that is trained.</summary>
    public void Unfold()
    {
        foreach (var node in constants.Graph.Nodes.ToArray())
            if (node.Is("MatMulInteger"))
                Product(node);
            else if (node.Is("Gather"))
                Lookup(node);
    }

    private void Product(NodeProto node)
    {
        var graph = constants.Graph;
        if (
            graph.Producer(node.Input[0]) is not { OpType: "DynamicQuantizeLinear" } quantize
            || Scaled(node) is not { } scale
            || !graph.TryGetConstant(node.Input[1], out var codes)
            || CodeFormat.Of(node.Input[1], codes) is not { } format
            || !constants.AreZero(node.InputAt(3))
        )
            return;
        var index = scale.Input.IndexOf(quantize.Output[1]);
        var weightScale = index < 0 ? "" : scale.Input[1 - index];
        if (!graph.TryGetConstant(weightScale, out var tensor) || tensor.DataType != (int)DataType.Float)
            return;
        var weights = constants.Codes(node.Input[1], format, [.. codes.Dims], tensor.Span<float>());
        constants.Scales(weightScale);
        graph.SetInput(scale, index, constants.Constant("one", name => Tensors.Create<float>(name, [], [1])));
        graph.Replace(node, Nodes.Create("MatMul", [inputs.Dequantized(quantize, node), weights], [node.Output[0]], node.Name));
    }

    // Returns the node that multiplies an integer product by both scales: Mul(Cast(integers), Mul(x scale, w scale)); null if there is none.
    private NodeProto? Scaled(NodeProto node)
    {
        var graph = constants.Graph;
        if (
            graph.Consumers(node.Output[0]) is not [{ Node: { OpType: "Cast" } cast }]
            || graph.Consumers(cast.Output[0]) is not [{ Node: { OpType: "Mul" } product } use]
        )
            return null;
        return graph.Producer(product.Input[1 - use.Index]) is { OpType: "Mul" } scale && graph.Consumers(scale.Output[0]).Count == 1 ? scale : null;
    }

    private void Lookup(NodeProto node)
    {
        var graph = constants.Graph;
        if (
            !graph.TryGetConstant(node.Input[0], out var table)
            || CodeFormat.Of(node.Input[0], table) is not { } format
            || table.ElementCount() < 2
            || graph.Consumers(node.Output[0]) is not [{ Node: { OpType: "Cast" } cast }]
            || graph.Consumers(cast.Output[0]) is not [{ Node: { OpType: "Mul" } product } use]
        )
            return;
        var scale = product.Input[1 - use.Index];
        if (graph.Producer(scale) is { OpType: "Gather" } rows)
            scale = rows.Input[0];
        if (!graph.TryGetConstant(scale, out var scales) || scales.DataType != (int)DataType.Float)
            return;
        graph.SetInput(node, 0, constants.Codes(node.Input[0], format, [.. table.Dims], scales.Span<float>()));
        constants.Scales(scale);
    }
}
