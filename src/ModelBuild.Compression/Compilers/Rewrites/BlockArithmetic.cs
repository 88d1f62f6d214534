using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>
/// Writes a DequantizeLinear of constants with whole blocks as Reshape((Cast(codes) − zero points) · scales), which computes the same floats, for compilers
/// without scales of blocks.
/// </summary>
internal sealed class BlockArithmetic : IGraphRewrite
{
    public string Effect => "scales of blocks written as products";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.Is("DequantizeLinear") && node.GetInt("block_size") > 0).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Rewrite(scope, node))
                count++;
        }

        return count;
    }

    private static bool Rewrite(Graph scope, NodeProto node)
    {
        if (!scope.TryGetConstant(node.Input[0], out var codes) || !scope.TryGetConstant(node.Input[1], out var scales))
            return false;
        var block = node.GetInt("block_size");
        var axis = (int)node.GetInt("axis", 1);
        axis += axis < 0 ? codes.Dims.Count : 0;
        if (codes.Dims[axis] % block != 0 || scales.DataType != (int)DataType.Float || Bits(codes) != 8)
            return false;
        TensorProto? points = null;
        if (node.InputAt(2).Length > 0 && (!scope.TryGetConstant(node.Input[2], out points) || Bits(points) != 8))
            return false;

        var name = node.Output[0];
        long[] blocks = [.. codes.Dims.Take(axis), codes.Dims[axis] / block];
        long[] rest = [.. codes.Dims.Skip(axis + 1)];
        var value = Real(scope, codes, [.. blocks, block, .. rest], name, out var cast);
        List<NodeProto> nodes = [cast];
        string Step(string opType, string first, string second)
        {
            var result = scope.FreshName($"{name}_{opType.ToLowerInvariant()}");
            nodes.Add(Nodes.Create(opType, [first, second], [result]));
            return result;
        }

        if (points is not null)
        {
            var real = Real(scope, points, [.. blocks, 1, .. rest], name, out var castOfPoints);
            nodes.Add(castOfPoints);
            value = Step("Sub", value, real);
        }

        value = Step("Mul", value, Shaped(scope, scales, [.. blocks, 1, .. rest]));
        var shape = scope.FreshName($"{name}_shape");
        scope.AddInitializer(Tensors.Create<long>(shape, [codes.Dims.Count], [.. codes.Dims]));
        Step("Reshape", value, shape);
        nodes[^1].Output[0] = name;
        nodes[^1].Name = node.Name;
        scope.Replace(node, [.. nodes]);
        return true;
    }

    private static int Bits(TensorProto tensor) => Tensors.BitsPerElement((DataType)tensor.DataType);

    private static string Real(Graph scope, TensorProto tensor, long[] shape, string name, out NodeProto cast)
    {
        cast = Nodes.Create("Cast", [Shaped(scope, tensor, shape)], [scope.FreshName($"{name}_cast")], attributes: ("to", (long)DataType.Float));
        return cast.Output[0];
    }

    private static string Shaped(Graph scope, TensorProto tensor, long[] shape)
    {
        var shaped = tensor.WithName(scope.FreshName($"{tensor.Name}_blocks"));
        shaped.Dims.Clear();
        shaped.Dims.Add(shape);
        scope.AddInitializer(shaped);
        return shaped.Name;
    }
}
