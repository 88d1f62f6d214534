using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Stored;

/// <summary>
/// Replaces MatMulNBits and GatherBlockQuantized (ONNX Runtime's contributed operators) by FusedMatMul and Gather of weights that the training graph computes
/// from codes and scales: [rows, blocks, block] of codes, one scale and one zero point for each block.
/// </summary>
/// <param name="constants">The constants that are replaced.</param>
internal sealed class BlockedRows(StoredConstants constants)
{
    private readonly Dictionary<string, string> _weights = new(StringComparer.Ordinal);

    /// <summary>Replaces the MatMulNBits and GatherBlockQuantized nodes in the main graph of the copy that is trained.</summary>
    public void Unfold()
    {
        foreach (var node in constants.Graph.Nodes.ToArray())
            if (node.Is("MatMulNBits", Domains.Microsoft))
                Product(node);
            else if (node.Is("GatherBlockQuantized", Domains.Microsoft))
                Table(node);
    }

    private void Product(NodeProto node)
    {
        // A MatMulNBits with the input g_idx, which assigns a block to each column, is not supported.
        if (node.InputAt(4).Length > 0)
            return;
        var (rows, columns) = (node.GetInt("N"), node.GetInt("K"));
        if (Weights(node, codes: node.Input[1], scales: node.Input[2], zeroPoints: node.InputAt(3), rows, columns) is not { } weights)
            return;
        var bias = node.InputAt(5);
        var product = bias.Length > 0 ? constants.Graph.FreshName($"{node.Output[0]} product") : node.Output[0];
        List<NodeProto> nodes = [Nodes.Create("FusedMatMul", [node.Input[0], weights], [product], node.Name, Domains.Microsoft, ("transB", 1L))];
        if (bias.Length > 0)
            nodes.Add(Nodes.Create("Add", [product, bias], [node.Output[0]]));
        constants.Graph.Replace(node, [.. nodes]);
    }

    private void Table(NodeProto node)
    {
        var codes = constants.Graph.Producer(node.Input[0]) is { OpType: "Reshape" } reshape ? reshape.Input[0] : node.Input[0];
        if (!constants.Graph.TryGetConstant(node.Input[2], out var scales) || node.GetInt("gather_axis", 0) != 0)
            return;
        if (!constants.Graph.TryGetConstant(codes, out var tensor))
            return;
        var rows = scales.Dims[0];
        var columns = Math.Min(scales.Dims[^1] * node.GetInt("block_size", 128), Columns(tensor, rows, node.GetInt("bits", 4)));
        if (Weights(node, codes, node.Input[2], node.InputAt(3), rows, columns) is { } weights)
            constants.Graph.Replace(node, Nodes.Create("Gather", [weights, node.Input[1]], [node.Output[0]], node.Name, attributes: ("axis", 0L)));
    }

    // Returns the name of the weights as a matrix [rows, columns]; null if they are not supported.
    private string? Weights(NodeProto node, string codes, string scales, string zeroPoints, long rows, long columns)
    {
        if (_weights.TryGetValue(codes, out var known))
            return known;
        var graph = constants.Graph;
        if (!graph.TryGetConstant(codes, out var tensor) || !graph.TryGetConstant(scales, out var scale) || scale.DataType != (int)DataType.Float)
            return null;
        var bits = (int)node.GetInt("bits", 4);
        if (tensor.DataType != (int)DataType.Uint8 || bits is not (4 or 8))
            return null;
        var block = node.GetInt("block_size", 128);
        var blocks = scale.ElementCount() / rows;
        var format = new CodeFormat(codes, DataType.Uint8, [.. tensor.Dims], checked((int)rows), bits);
        var real = Blocks(node, codes, format, [rows, blocks, block], Columns(tensor, rows, bits), scale);
        if (ZeroPoints(zeroPoints, rows, blocks, bits) is not { } points)
            return null;
        var centred = constants.Emit(node, "Sub", [real, points]);
        var shaped = constants.Reshape(node, constants.Scales(scales).Input.Name, [rows, blocks, 1]);
        var weights = constants.Reshape(node, constants.Emit(node, "Mul", [centred, shaped]), [rows, blocks * block]);
        if (blocks * block > columns)
            weights = constants.Emit(node, "Slice", [weights, Vector(0), Vector(columns), Vector(1)]);
        return _weights[codes] = weights;
    }

    // Adds the codes of all blocks. The last block of a row may have fewer codes than the others and is padded.
    private string Blocks(NodeProto node, string codes, CodeFormat format, long[] shape, long columns, TensorProto scale)
    {
        var padding = shape[1] * shape[2] - columns;
        if (padding <= 0)
            return constants.Codes(codes, format, shape, scale.Span<float>());
        var real = constants.Codes(codes, format, [shape[0], columns], scale.Span<float>());
        var pads = constants.Constant("padding", name => Tensors.Create<long>(name, [4], [0, 0, 0, padding]));
        return constants.Reshape(node, constants.Emit(node, "Pad", [real, pads]), shape);
    }

    private static long Columns(TensorProto codes, long rows, long bits) => codes.ElementCount() * 8 / bits / rows;

    private string? ZeroPoints(string name, long rows, long blocks, int bits)
    {
        if (name.Length == 0)
            return constants.Constant("zero point", fresh => Tensors.Create<float>(fresh, [], [1 << (bits - 1)]));
        if (!constants.Graph.TryGetConstant(name, out var tensor))
            return null;
        if (tensor.DataType == (int)DataType.Float)
            return constants.Constant("zero points", fresh => Tensors.Create(fresh, [rows, blocks, 1], tensor.ToFloats()));
        var points = CodePacking.Unpack(tensor.Span<byte>(), checked((int)rows), checked((int)blocks), bits);
        GC.KeepAlive(tensor);
        return constants.Constant("zero points", fresh => Tensors.Create(fresh, [rows, blocks, 1], Array.ConvertAll(points, point => (float)point)));
    }

    private string Vector(long value) => constants.Constant("index", name => Tensors.Create<long>(name, [1], [value]));
}
