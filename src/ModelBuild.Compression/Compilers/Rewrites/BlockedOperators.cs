using System.Globalization;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>
/// Writes MatMulNBits as DequantizeLinear and MatMul, and GatherBlockQuantized as DequantizeLinear and Gather. The product sums the same floats in another
/// order; the rows of a table are equal.
/// </summary>
internal sealed class BlockedOperators : IGraphRewrite
{
    // The indices of the optional inputs of MatMulNBits.
    private const int ZeroPoints = 3;
    private const int Order = 4;
    private const int Bias = 5;

    private const long DefaultBlock = 128;

    public string Effect => "operators with weights in blocks written as DequantizeLinear";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        if (main.Model.Opset() < OpsetUpgrade.Target)
            return 0;
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (
                (node.Is("MatMulNBits", Domains.Microsoft) && Product(scope, node))
                || (node.Is("GatherBlockQuantized", Domains.Microsoft) && Table(scope, node))
            )
                count++;
        }

        return count;
    }

    private static bool Product(Graph scope, NodeProto node)
    {
        if (node.InputAt(Order).Length > 0)
            return false;
        CheckSize(scope, node, node.Input[1]);
        var (rows, columns) = (node.GetInt("N"), node.GetInt("K"));
        if (BlockCodes.Read(scope, node.Input[1], node.Input[2], node.InputAt(ZeroPoints), rows, columns, node.GetInt("bits", 4)) is not { } codes)
            return false;
        var weights = codes.Dequantize(scope, node.Input[1], isTransposed: true, node.GetInt("block_size"));
        var bias = node.InputAt(Bias);
        var product = bias.Length > 0 ? scope.FreshName($"{node.Output[0]}_product") : node.Output[0];
        List<NodeProto> nodes = [weights, Nodes.Create("MatMul", [node.Input[0], weights.Output[0]], [product], node.Name)];
        if (bias.Length > 0)
            nodes.Add(Nodes.Create("Add", [product, bias], [node.Output[0]]));
        scope.Replace(node, [.. nodes]);
        return true;
    }

    private static bool Table(Graph scope, NodeProto node)
    {
        // If a product reads the table of a lookup as well, a Reshape node stands between the table and the lookup.
        var name = scope.Producer(node.Input[0]) is { } reshape && reshape.Is("Reshape") ? reshape.Input[0] : node.Input[0];
        if (node.GetInt("gather_axis") != 0 || !scope.TryGetConstant(node.Input[2], out var scales) || scales.Dims.Count != 2)
            return false;
        if (node.GetInt("quantize_axis", 1) is not (1 or -1) || scope.ScopeOf(name) is null)
            return false;
        if (scope.TryGetConstant(node.Input[0], out var typed) && (DataType)typed.DataType is DataType.Int4 or DataType.Uint4)
            return TypedTable(scope, node);
        CheckSize(scope, node, name);
        if (BlockCodes.Read(scope, name, node.Input[2], node.InputAt(ZeroPoints), scales.Dims[0], null, node.GetInt("bits", 4)) is not { } codes)
            return false;
        Lookup(scope, node, codes.Dequantize(scope, name, isTransposed: false, node.GetInt("block_size", DefaultBlock)));
        return true;
    }

    // Replaces a lookup in a table of int4 or uint4. If the lookup has no zero points, the codes have the zero point 0, as in DequantizeLinear.
    private static bool TypedTable(Graph scope, NodeProto node)
    {
        string[] inputs = node.InputAt(ZeroPoints).Length > 0 ? [node.Input[0], node.Input[2], node.Input[ZeroPoints]] : [node.Input[0], node.Input[2]];
        (string, object)[] attributes = [("axis", 1L), ("block_size", node.GetInt("block_size", DefaultBlock))];
        Lookup(scope, node, Nodes.Create("DequantizeLinear", inputs, [scope.FreshName($"{node.Input[0]}_dequantized")], attributes: attributes));
        return true;
    }

    private static void Lookup(Graph scope, NodeProto node, NodeProto table) =>
        scope.Replace(node, table, Nodes.Create("Gather", [table.Output[0], node.Input[1]], [node.Output[0]], node.Name, attributes: ("axis", 0L)));

    // Checks that the codes of a node fit into one array after they are unpacked to one byte each. Throws an exception otherwise.
    private static void CheckSize(Graph scope, NodeProto node, string name)
    {
        if (scope.TryGetConstant(name, out var codes) && codes.ElementCount() * 8 / node.GetInt("bits", 4) > Array.MaxLength)
            throw new CompressionException(
                Codes.UnknownOption,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The weights of {Text.Short(NodeLabel.Of(node))} have more than {Array.MaxLength} elements, and the export takes fewer."
                )
            );
    }
}
