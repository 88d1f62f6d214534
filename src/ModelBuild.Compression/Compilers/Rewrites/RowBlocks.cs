using ModelBuild.Compression.Formats;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>
/// Writes a DequantizeLinear of a constant matrix with blocks along the second dimension as one of the transposed matrix, with blocks along the first
/// dimension, and a Transpose. Both compute the same floats.
/// </summary>
internal sealed class RowBlocks : IGraphRewrite
{
    public string Effect => "blocks along the second dimension written with a Transpose";

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
        string[] inputs = [.. node.Input.Where(value => value.Length > 0)];
        if (node.GetInt("axis", 1) is not (1 or -1) || !inputs.All(value => scope.TryGetConstant(value, out var tensor) && tensor.Dims.Count == 2))
            return false;
        var result = scope.FreshName($"{node.Output[0]}_transposed");
        var moved = node.Clone();
        moved.SetAttribute("axis", 0L);
        moved.Output[0] = result;
        for (var i = 0; i < inputs.Length; i++)
            moved.Input[i] = Transposed(scope, inputs[i]);
        scope.Replace(node, moved, Nodes.Create("Transpose", [result], [node.Output[0]], attributes: ("perm", new[] { 1L, 0L })));
        return true;
    }

    private static string Transposed(Graph scope, string name)
    {
        scope.TryGetConstant(name, out var tensor);
        var (type, bits) = ((DataType)tensor!.DataType, Tensors.BitsPerElement((DataType)tensor.DataType));
        var (rows, columns) = (checked((int)tensor.Dims[0]), checked((int)tensor.Dims[1]));
        var bytes = Math.Max(1, bits / 8);
        var elements = bits < 8 ? CodePacking.Unpack(tensor.Span<byte>(), 1, rows * columns, bits) : tensor.RawData.ToByteArray();
        var moved = new byte[elements.Length];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            elements.AsSpan((row * columns + column) * bytes, bytes).CopyTo(moved.AsSpan((column * rows + row) * bytes));
        var result = Tensors.Create(
            scope.FreshName($"{name}_transposed"),
            type,
            [columns, rows],
            bits < 8 ? CodePacking.Pack(moved, moved.Length, moved.Length, bits) : moved
        );
        scope.AddInitializer(result);
        return result.Name;
    }
}
