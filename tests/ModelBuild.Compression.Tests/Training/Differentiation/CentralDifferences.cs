namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>The gradient of a function by central differences in float64.</summary>
internal static class CentralDifferences
{
    private const double Step = 1e-5;

    /// <summary>Returns the derivatives of a function with respect to each element of an array, which is restored afterwards.</summary>
    /// <param name="loss">The function; it reads the array.</param>
    /// <param name="values">The array.</param>
    public static double[] Of(Func<double> loss, double[] values)
    {
        var gradient = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            values[i] = value + Step;
            var above = loss();
            values[i] = value - Step;
            var below = loss();
            values[i] = value;
            gradient[i] = (above - below) / (2 * Step);
        }

        return gradient;
    }
}
