using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Calibration;

/// <summary>The input of a model and the array that holds its values.</summary>
/// <param name="Input">The input.</param>
/// <param name="Header">The header of the array.</param>
/// <param name="Layout">The division of the elements among the calls.</param>
internal sealed record ArrayPlan(ValueSignature Input, NpyHeader Header, ArrayLayout Layout)
{
    /// <summary>The number of rows of a call that the model fixes; null when that number is dynamic, and for arrays that are not divided into rows.</summary>
    public int? FixedRows =>
        Layout == ArrayLayout.Rows
            ? Input.Shape?[0].Size switch
            {
                null => null,
                > 0 and <= int.MaxValue and var size => (int)size,
                var size => throw new InvalidDataException($"the model needs {size} rows of '{Input.Name}' in one call"),
            }
            : null;

    /// <summary>Creates the plan for an input of the model: chooses how the elements of its array are divided among calls.</summary>
    /// <exception cref="InvalidDataException">The array does not fit the input.</exception>
    public static ArrayPlan Create(ValueSignature input, NpyHeader header)
    {
        var rank = input.Shape?.Count ?? header.Shape.Length;
        var fixedSizes = (input.Shape ?? []).Select(dimension => dimension.Size).ToArray();
        if (header.Shape.Length == rank && rank > 0 && Fits(fixedSizes.AsSpan(Math.Min(1, fixedSizes.Length)), header.Shape.AsSpan(1)))
            return new ArrayPlan(input, header, ArrayLayout.Rows);
        if (header.Shape.Length == rank + 1 && Fits(fixedSizes, header.Shape.AsSpan(1)))
            return new ArrayPlan(input, header, ArrayLayout.Slices);
        if (header.Shape.Length == 0 && rank == 0)
            return new ArrayPlan(input, header, ArrayLayout.Repeated);
        throw new InvalidDataException(
            $"its array '{input.Name}' has the shape [{string.Join(',', header.Shape)}], and the model takes [{string.Join(',', input.Shape ?? [])}]"
        );
    }

    /// <summary>Returns the shape of the input in a call.</summary>
    /// <param name="rows">The number of rows of the call.</param>
    public long[] CallShape(int rows) =>
        Layout switch
        {
            ArrayLayout.Rows => [rows, .. Header.Shape.AsSpan(1)],
            ArrayLayout.Slices => Header.Shape[1..],
            _ => Header.Shape,
        };

    private static bool Fits(ReadOnlySpan<long?> expected, ReadOnlySpan<long> actual)
    {
        for (var i = 0; i < Math.Min(expected.Length, actual.Length); i++)
            if (expected[i] is { } size && size != actual[i])
                return false;
        return true;
    }
}
