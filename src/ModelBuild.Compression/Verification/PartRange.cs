using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>A slice of an output along one axis.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Start">The first position.</param>
/// <param name="Length">The number of positions.</param>
/// <param name="Total">The size of the axis of the whole output.</param>
internal sealed record PartRange(int Axis, long Start, long Length, long Total)
{
    /// <summary>Returns whether an output of this shape has the slice.</summary>
    public bool Fits(long[] shape) => Axis < shape.Length && shape[Axis] == Total;

    /// <summary>Returns the elements of an output that are in the slice.</summary>
    public OutputValues Cut(OutputValues values)
    {
        var inner = values.Shape.Skip(Axis + 1).Aggregate(1L, (product, size) => product * size);
        var outer = values.Shape.Take(Axis).Aggregate(1L, (product, size) => product * size);
        var numbers = new double[outer * Length * inner];
        for (var i = 0L; i < outer; i++)
            Array.Copy(values.Numbers, ((i * Total) + Start) * inner, numbers, i * Length * inner, Length * inner);
        return values with { Shape = [.. values.Shape[..Axis], Length, .. values.Shape[(Axis + 1)..]], Numbers = numbers };
    }
}
