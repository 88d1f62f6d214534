namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>An activation whose columns may be divided by factors.</summary>
/// <param name="Value">The name of the activation.</param>
/// <param name="Layers">The layers that multiply it.</param>
/// <param name="Path">The parameters that absorb the factors; null if a Mul is inserted.</param>
/// <param name="Shift">The parameters that absorb the subtraction of a constant from each column; null if there are none.</param>
internal sealed record Smoothing(string Value, LinearLayer[] Layers, FactorPath? Path, ShiftPath? Shift)
{
    // The least share of the largest range of columns. A column with a smaller range is nearly zero on the samples and is treated as if it had this share,
    // because its factor would otherwise have no limit, and other inputs would exceed the range of all columns.
    private const double LeastShare = 1e-3;

    /// <summary>The number of columns of the activation.</summary>
    public int Columns => Layers[0].Inputs;

    /// <summary>
    /// Returns the factors s = max|x|^α / max|w|^(1 − α). The largest factor is at most 1,000 times the least one, because ranges of less than a thousandth of
    /// the largest one count as a thousandth.
    /// </summary>
    /// <param name="ranges">The largest magnitude of each column.</param>
    /// <param name="alpha">The share of the range that moves to the weights.</param>
    public double[] Factors(double[] ranges, double alpha)
    {
        var inputs = Limited(ranges);
        var weights = Limited([.. Enumerable.Range(0, ranges.Length).Select(column => Layers.Max(layer => layer.InputRange(column)))]);
        var factors = new double[ranges.Length];
        for (var column = 0; column < factors.Length; column++)
        {
            var factor = Math.Pow(inputs[column], alpha) / Math.Pow(weights[column], 1 - alpha);
            factors[column] = double.IsNormal(factor) ? factor : 1;
        }

        return factors;
    }

    private static double[] Limited(double[] ranges)
    {
        var least = ranges.DefaultIfEmpty().Max() * LeastShare;
        return Array.ConvertAll(ranges, range => Math.Max(range, least));
    }
}
