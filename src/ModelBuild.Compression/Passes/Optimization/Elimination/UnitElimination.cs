using ModelBuild.Compression.Passes.Optimization.Patterns;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Elimination;

/// <summary>
/// Removes arithmetic with a neutral constant: x + 0, x − 0, x · 1, x / 1, x¹, x and true, x or false. The constant has one element, or no more elements than
/// x. Vectors stay where ONNX Runtime's fusions for transformers look for them: a vector of zeros or ones may be the bias of a matrix product, or a parameter
/// of a normalization, that training did not change.
/// </summary>
internal sealed class UnitElimination()
    : NoEffectPattern("operations with zero, one, true or false removed", "Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor")
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

    private static bool IsUnit(Site site, string value, int unit) =>
        site.Constant(value) is { } tensor
        && tensor.ElementCount() > 0
        && (DataType)tensor.DataType switch
        {
            DataType.Float => !tensor.Span<float>().ContainsAnyExcept(unit),
            DataType.Double => !tensor.Span<double>().ContainsAnyExcept(unit),
            DataType.Float16 => !tensor.Span<Half>().ContainsAnyExcept((Half)unit),
            DataType.Int64 => !tensor.Span<long>().ContainsAnyExcept(unit),
            DataType.Int32 => !tensor.Span<int>().ContainsAnyExcept(unit),
            DataType.Uint8 or DataType.Bool => !tensor.Span<byte>().ContainsAnyExcept((byte)unit),
            _ => false,
        };

    private static bool Keeps(Site site, string value, string unit)
    {
        var constant = site.Constant(unit)!;
        return site.KeepsShape(value, constant) && (constant.Dims.All(size => size == 1) || site.Producer(value, "MatMul", "Mul", "Div") is null);
    }
}
