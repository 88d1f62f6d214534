using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>
/// Arithmetic with a constant that changes nothing: x + 0, x − 0, x · 1, x / 1, x¹, x and true, x or false. The constant has one element and no more dimensions than x:
/// a vector of zeros is the bias of a layer that was never trained, and ONNX Runtime's fusions for transformers look for a bias.
/// </summary>
internal sealed class UnitElimination() : NoEffectPattern("operations with zero, one, true or false removed", "Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor")
{
    protected override string? Same(Site site)
    {
        if (site.Node.Input.Count != 2 || site.Opset < 7)
            return null;
        var (left, right) = (site.Node.Input[0], site.Node.Input[1]);
        var unit = site.Node.OpType is "Mul" or "Div" or "Pow" or "And" ? 1 : 0;
        if (IsUnit(site, right, unit) && Keeps(site, left, right))
            return left;
        return site.Node.OpType is not ("Sub" or "Div" or "Pow") && IsUnit(site, left, unit) && Keeps(site, right, left) ? right : null;
    }

    private static bool IsUnit(Site site, string value, int unit) => site.Constant(value) is { } tensor && tensor.ElementCount() == 1 && (DataType)tensor.DataType switch
    {
        DataType.Float or DataType.Double or DataType.Float16 => tensor.ToFloats()[0] == unit,
        DataType.Int64 => tensor.Span<long>()[0] == unit,
        DataType.Int32 => tensor.Span<int>()[0] == unit,
        DataType.Uint8 or DataType.Bool => tensor.Span<byte>()[0] == unit,
        _ => false,
    };

    private static bool Keeps(Site site, string value, string unit) =>
        site.Constant(unit)!.Dims.Count is var rank && (rank == 0 || (site.Rank(value) is { } known && rank <= known));
}
