namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Quantizes the rows of an activation in the same way as the products that read it.</summary>
internal static class QuantizedRows
{
    // The largest code of the uint8 codes that DynamicQuantizeLinear computes.
    private const double GreatestCode = 255;

    // The largest code of a block that is quantized symmetrically to int8.
    private const double GreatestSymmetricCode = 127;

    /// <summary>Returns the rows of a call after the division by factors and quantization, as floats.</summary>
    /// <param name="call">The rows, and the ranges of the columns in the call.</param>
    /// <param name="factors">The divisor of each column.</param>
    /// <param name="inFloat">For each column, whether it is multiplied in float32.</param>
    /// <param name="format">The format in which the rows are quantized.</param>
    public static float[] Of(SeenCall call, double[] factors, bool[] inFloat, SmoothingFormat format) =>
        format.Activations switch
        {
            SmoothedActivations.OfCall => OfCall(call, factors, inFloat),
            SmoothedActivations.OfBlock => OfBlocks(Divided(call.Rows, factors), factors.Length, format.Blocks!.BlockFor(factors.Length)),
            _ => Divided(call.Rows, factors),
        };

    private static float[] Divided(float[] rows, double[] factors)
    {
        var divided = new float[rows.Length];
        for (var i = 0; i < divided.Length; i++)
            divided[i] = (float)(rows[i] / factors[i % factors.Length]);
        return divided;
    }

    private static float[] OfCall(SeenCall call, double[] factors, bool[] inFloat)
    {
        var (least, greatest) = (0.0, 0.0);
        for (var column = 0; column < factors.Length; column++)
            if (!inFloat[column])
                (least, greatest) = (Math.Min(least, call.Least[column] / factors[column]), Math.Max(greatest, call.Greatest[column] / factors[column]));
        var scale = greatest > least ? (greatest - least) / GreatestCode : 1;
        var zeroPoint = Math.Round(-least / scale);
        var rows = new float[call.Rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var column = i % factors.Length;
            var value = call.Rows[i] / factors[column];
            rows[i] = (float)(inFloat[column] ? value : (Math.Clamp(Math.Round(value / scale) + zeroPoint, 0, GreatestCode) - zeroPoint) * scale);
        }

        return rows;
    }

    private static float[] OfBlocks(float[] rows, int columns, int size)
    {
        for (var row = 0; row < rows.Length; row += columns)
        for (var first = 0; first < columns; first += size)
        {
            var block = rows.AsSpan(row + first, Math.Min(size, columns - first));
            var largest = 0.0;
            foreach (var value in block)
                largest = Math.Max(largest, Math.Abs((double)value));
            var scale = largest / GreatestSymmetricCode;
            for (var i = 0; scale > 0 && i < block.Length; i++)
                block[i] = (float)(Math.Round(block[i] / scale) * scale);
        }

        return rows;
    }
}
