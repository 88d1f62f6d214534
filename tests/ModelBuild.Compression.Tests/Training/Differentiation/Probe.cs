namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>
/// A derivative by differences, with which a gradient is compared. Each element of a small tensor has a derivative. A large tensor has the derivatives of
/// some elements, and one along a random direction, which a fault in any element changes.
/// </summary>
/// <param name="Direction">The direction, of length 1.</param>
/// <param name="Derivative">The derivative along it.</param>
internal sealed record Probe(double[] Direction, double Derivative)
{
    private const double Tolerance = 1e-4;
    private const int MaxElements = 24;
    private const int Chosen = 8;

    /// <summary>Computes the derivatives for a tensor.</summary>
    /// <param name="count">The number of its elements.</param>
    /// <param name="derivative">Computes the derivative along a direction.</param>
    public static Probe[] All(int count, Func<double[], double> derivative) =>
        [.. Directions(count).Select(direction => new Probe(direction, derivative(direction)))];

    /// <summary>Asserts that a gradient agrees with derivatives.</summary>
    /// <param name="what">What the gradient is.</param>
    /// <param name="expected">The derivatives.</param>
    /// <param name="actual">The gradient.</param>
    /// <param name="smallest">A gradient below this number is compared with its absolute error.</param>
    public static void AssertAgree(string what, Probe[] expected, float[] actual, double smallest)
    {
        var largest = actual.Select(value => (double)value).Concat(expected.Select(probe => probe.Derivative)).Append(smallest).Max(Math.Abs);
        foreach (var (index, (direction, derivative)) in expected.Index())
        {
            Assert.Equal(direction.Length, actual.Length);
            var found = direction.Zip(actual, (one, other) => one * other).Sum();
            Assert.True(
                Math.Abs(found - derivative) <= Tolerance * largest,
                FormattableString.Invariant($"Derivative {index} of {what} is {found} and must be {derivative}; the largest is {largest}.")
            );
        }
    }

    private static IEnumerable<double[]> Directions(int count)
    {
        if (count <= MaxElements)
            return Enumerable.Range(0, count).Select(index => Unit(count, index));
        var noise = Noise.Floats(count, seed: 11);
        // The first and the last element are often at a border.
        int[] elements =
        [
            0,
            .. Enumerable.Range(0, Chosen).Select(part => Math.Clamp((int)((part + (noise[part] + 1) / 2) * count / Chosen), 1, count - 2)).Distinct(),
            count - 1,
        ];
        return [.. elements.Select(index => Unit(count, index)), Array.ConvertAll(noise, value => Math.CopySign(1 / Math.Sqrt(count), value))];
    }

    private static double[] Unit(int count, int index)
    {
        var direction = new double[count];
        direction[index] = 1;
        return direction;
    }
}
