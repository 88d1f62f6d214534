namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Computes the derivatives of a function by central differences in float64.</summary>
internal static class CentralDifferences
{
    private const double Step = 1e-5;

    // Each array has the weights of the differences of one step, of two steps, and so on.
    private static readonly double[] OfOrder2 = [0.5];
    private static readonly double[] OfOrder6 = [45 / 60.0, -9 / 60.0, 1 / 60.0];

    /// <summary>Returns the derivative of a function along a direction of an array, which is restored afterwards.</summary>
    /// <param name="loss">The function; it reads the array.</param>
    /// <param name="values">The array.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="step">The step of differences.</param>
    /// <param name="isOfOrder6">Whether the formula is of order 6 in place of 2.</param>
    public static double Along(Func<double> loss, double[] values, double[] direction, double step = Step, bool isOfOrder6 = false)
    {
        var kept = (double[])values.Clone();
        double At(double offset)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = kept[i] + offset * direction[i];
            return loss();
        }

        var derivative =
            (isOfOrder6 ? OfOrder6 : OfOrder2).Index().Sum(term => term.Item * (At((term.Index + 1) * step) - At(-(term.Index + 1) * step))) / step;
        kept.CopyTo(values, 0);
        return derivative;
    }
}
