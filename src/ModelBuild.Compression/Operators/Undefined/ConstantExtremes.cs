using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Operators.Undefined;

/// <summary>Finds the elements of a constant that are infinite or NaN.</summary>
internal static class ConstantExtremes
{
    // The largest number of elements of a constant that is searched. A larger constant is a table or a weight, and not a mask.
    private const int MaxElements = 1 << 24;

    /// <summary>Returns which elements of a tensor of floats are infinite or NaN. For a tensor of another type the result is none.</summary>
    public static Extremes Of(TensorProto tensor)
    {
        if (
            (DataType)tensor.DataType is not (DataType.Float or DataType.Float16 or DataType.Bfloat16 or DataType.Double)
            || tensor.RawData.IsEmpty
            || tensor.ElementCount() > MaxElements
            || (tensor.DataType == (int)DataType.Float && tensor.Span<float>().IsFinite())
        )
            return Extremes.None;
        var values = tensor.ToFloats();
        var found = Extremes.None;
        foreach (var value in values)
            found |=
                float.IsFinite(value) ? Extremes.None
                : float.IsNaN(value) ? Extremes.NaN
                : value > 0 ? Extremes.PositiveInfinity
                : Extremes.NegativeInfinity;
        if (!found.HasFlag(Extremes.NegativeInfinity))
            return found;
        var isWhole = Rows(values, tensor).Any(row => row.All(float.IsNegativeInfinity));
        return isWhole ? found & ~Extremes.NegativeInfinity | Extremes.NegativeRows : found;
    }

    /// <summary>Whether each row along the last axis of a constant of bool has an element that is true, or false.</summary>
    public static bool EachRowHas(TensorProto condition, bool wanted) =>
        (DataType)condition.DataType == DataType.Bool
        && !condition.RawData.IsEmpty
        && Rows(condition.RawData.ToByteArray(), condition).All(row => row.Contains((byte)(wanted ? 1 : 0)));

    private static IEnumerable<ArraySegment<T>> Rows<T>(T[] values, TensorProto tensor)
    {
        var length = tensor.Dims.Count == 0 ? 1 : (int)tensor.Dims[^1];
        for (var start = 0; start < values.Length; start += length)
            yield return new ArraySegment<T>(values, start, length);
    }
}
