namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>An activation whose columns may be divided by factors.</summary>
/// <param name="Value">The name of the activation.</param>
/// <param name="Layers">The layers that multiply it.</param>
/// <param name="Path">The parameters that absorb the factors; null if a Mul is inserted.</param>
/// <param name="Shift">The parameters that absorb the subtraction of a constant from each column; null if there are none.</param>
internal sealed record Smoothing(string Value, LinearLayer[] Layers, FactorPath? Path, ShiftPath? Shift)
{
    /// <summary>The number of columns.</summary>
    public int Columns => Layers[0].Inputs;

    /// <summary>Returns the factors s = max|x|^α / max|w|^(1 − α).</summary>
    /// <param name="ranges">The largest magnitude of each column.</param>
    /// <param name="alpha">The share of the range that moves to the weights.</param>
    public double[] Factors(double[] ranges, double alpha)
    {
        var factors = new double[ranges.Length];
        for (var column = 0; column < factors.Length; column++)
        {
            var factor = Math.Pow(ranges[column], alpha) / Math.Pow(Layers.Max(layer => layer.InputRange(column)), 1 - alpha);
            factors[column] = double.IsNormal(factor) ? factor : 1;
        }

        return factors;
    }
}
