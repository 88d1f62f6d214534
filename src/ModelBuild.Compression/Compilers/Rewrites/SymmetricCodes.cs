using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>
/// Writes uint8 codes with the zero point 128 as int8 codes with the zero point 0, which stand for the same numbers: in constants, and between a
/// QuantizeLinear and the DequantizeLinear that read it.
/// </summary>
internal sealed class SymmetricCodes : IGraphRewrite
{
    private const byte Middle = 128;

    public string Effect => "uint8 codes with the zero point 128 written as int8";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!IsCentred(scope, node))
                continue;
            if (node.Is("QuantizeLinear") && !scope.IsOutputAnywhere(node.Output[0]) && scope.Consumers(node.Output[0]) is var uses)
            {
                if (!uses.All(use => use.Index == 0 && use.Node.Is("DequantizeLinear") && IsCentred(use.Graph, use.Node)))
                    continue;
                foreach (var use in uses)
                    MoveZeroPoint(use.Graph, use.Node);
            }
            else if (node.Is("DequantizeLinear") && scope.TryGetConstant(node.Input[0], out var codes))
            {
                scope.SetInput(node, 0, Add(scope, codes, Array.ConvertAll(codes.RawData.ToByteArray(), code => (byte)(code ^ Middle))));
            }
            else
            {
                continue;
            }

            MoveZeroPoint(scope, node);
            count++;
        }

        return count;
    }

    private static bool IsCentred(Graph scope, NodeProto node) =>
        (node.Is("QuantizeLinear") || node.Is("DequantizeLinear"))
        && scope.TryGetConstant(node.InputAt(2), out var point)
        && point.DataType == (int)DataType.Uint8
        && !point.RawData.Span.ContainsAnyExcept(Middle);

    private static void MoveZeroPoint(Graph scope, NodeProto node)
    {
        scope.TryGetConstant(node.Input[2], out var point);
        scope.SetInput(node, 2, Add(scope, point!, new byte[point!.RawData.Length]));
        if (node.Is("QuantizeLinear") && node.GetInt("output_dtype") != 0)
            node.SetAttribute("output_dtype", (long)DataType.Int8);
    }

    private static string Add(Graph scope, TensorProto tensor, byte[] codes)
    {
        var moved = Tensors.Create(scope.FreshName($"{tensor.Name}_symmetric"), DataType.Int8, [.. tensor.Dims], codes);
        scope.AddInitializer(moved);
        return moved.Name;
    }
}
