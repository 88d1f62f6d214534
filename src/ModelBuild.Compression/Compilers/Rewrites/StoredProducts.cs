using ModelBuild.Compression.GraphEdits;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>
/// Writes Mul(Cast(codes), scales) of constants, the form of the step <c>int8-weights</c>, as DequantizeLinear with one scale or one for each element of an
/// axis. Both compute the same floats.
/// </summary>
internal sealed class StoredProducts : IGraphRewrite
{
    private const long FirstOpset = 13;
    private const long FirstOpsetOfFloat16 = 19;

    public string Effect => "weights stored in int8 written as DequantizeLinear";

    public int Apply(Graph main, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes.Where(node => node.Is("Mul")).ToArray())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Rewrite(scope, node))
                count++;
        }

        return count;
    }

    private static bool Rewrite(Graph scope, NodeProto node)
    {
        if (
            scope.Producer(node.Input[0]) is not { } cast
            || !cast.Is("Cast")
            || !scope.Contains(cast)
            || !scope.TryGetConstant(cast.Input[0], out var codes)
            || codes.DataType != (int)DataType.Int8
            || !scope.TryGetConstant(node.Input[1], out var scale)
            || scale.DataType != cast.GetInt("to")
            || scope.Model.Opset() < (scale.DataType == (int)DataType.Float16 ? FirstOpsetOfFloat16 : FirstOpset)
            || Axis(codes, scale) is not { } axis
        )
            return false;
        var vector = scale.WithName(scope.FreshName($"{scale.Name}_vector"));
        vector.Dims.Clear();
        if (scale.ElementCount() > 1)
            vector.Dims.Add(scale.ElementCount());
        scope.AddInitializer(vector);
        scope.Replace(node, Nodes.Create("DequantizeLinear", [codes.Name, vector.Name], [node.Output[0]], node.Name, attributes: ("axis", (long)axis)));
        return true;
    }

    // Returns the axis of the codes along which their scales differ. The result is null when the scales differ along several axes, or add dimensions.
    private static int? Axis(TensorProto codes, TensorProto scale)
    {
        if (scale.Dims.Count > codes.Dims.Count)
            return null;
        if (scale.ElementCount() == 1)
            return 0;
        var added = codes.Dims.Count - scale.Dims.Count;
        int[] axes = [.. Enumerable.Range(0, scale.Dims.Count).Where(axis => scale.Dims[axis] != 1)];
        return axes is [var only] && codes.Dims[only + added] == scale.Dims[only] ? only + added : null;
    }
}
