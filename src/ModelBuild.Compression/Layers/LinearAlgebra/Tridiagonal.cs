namespace ModelBuild.Compression.Layers.LinearAlgebra;

/// <summary>Computes eigenvalues and eigenvectors of a symmetric tridiagonal matrix.</summary>
/// <param name="diagonal">The n diagonal elements.</param>
/// <param name="beside">The n − 1 elements next to the diagonal.</param>
internal sealed class Tridiagonal(double[] diagonal, double[] beside)
{
    // The number of bisections for one eigenvalue, after which a float64 interval cannot become smaller.
    private const int Halvings = 64;
    private const int Iterations = 3;
    private const double Epsilon = 2.220446049250313e-16;

    private readonly double _norm = Bound(diagonal, beside);

    /// <summary>
    /// Returns the largest eigenvalues in descending order, by bisection with Sturm sequences (Golub and Van Loan 2013, Matrix Computations, section 8.4.1).
    /// </summary>
    public double[] Greatest(int count)
    {
        var values = new double[count];
        for (var k = 0; k < count; k++)
        {
            var (low, high) = (-_norm, k == 0 ? _norm : values[k - 1]);
            for (var i = 0; i < Halvings && high - low > Epsilon * _norm; i++)
            {
                var middle = low + (high - low) / 2;
                if (CountAbove(middle) > k)
                    low = middle;
                else
                    high = middle;
            }

            values[k] = high;
        }

        return values;
    }

    /// <summary>
    /// Returns one orthonormal eigenvector per eigenvalue in the rows, by inverse iteration (section 8.2.2). Each vector is made orthogonal to the earlier
    /// ones, which separates equal eigenvalues.
    /// </summary>
    public double[] Vectors(double[] eigenvalues, CancellationToken cancellationToken)
    {
        var size = diagonal.Length;
        var vectors = new double[eigenvalues.Length * size];
        for (var k = 0; k < eigenvalues.Length; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var vector = vectors.AsSpan(k * size, size);
            var start = 0x9E3779B97F4A7C15UL * (ulong)(k + 1);
            for (var i = 0; i < size; i++)
            {
                // Xorshift (Marsaglia 2003) gives a start vector. Any vector that is not orthogonal to the eigenvector works.
                start ^= start << 13;
                start ^= start >> 7;
                start ^= start << 17;
                vector[i] = (double)(start >> 11) / (1UL << 53) - 0.5;
            }

            for (var i = 0; i < Iterations; i++)
            {
                SolveShifted(eigenvalues[k], vector);
                Orthonormalize(vectors, vector, k);
            }
        }

        return vectors;
    }

    // Returns how many eigenvalues of the tridiagonal matrix T are greater than x. By Sylvester's law of inertia, this is the number of positive pivots of T −
    // x·I.
    private int CountAbove(double x)
    {
        var count = 0;
        var pivot = 1.0;
        for (var i = 0; i < diagonal.Length; i++)
        {
            var side = i == 0 ? 0 : beside[i - 1];
            pivot = diagonal[i] - x - side * side / pivot;
            if (Math.Abs(pivot) < Epsilon * Epsilon * _norm)
                pivot = -Epsilon * Epsilon * _norm;
            if (pivot > 0)
                count++;
        }

        return count;
    }

    // Solves a linear system with the shifted tridiagonal matrix by Gaussian elimination with partial pivoting. The rows have at most three elements from the
    // diagonal on.
    private void SolveShifted(double shift, Span<double> right)
    {
        var size = diagonal.Length;
        var (first, second, third) = (new double[size], new double[size], new double[size]);
        var tiny = Epsilon * (_norm > 0 ? _norm : 1);
        var (a, b) = (diagonal[0] - shift, size > 1 ? beside[0] : 0);
        for (var i = 0; i < size - 1; i++)
        {
            var (c, d, e) = (beside[i], diagonal[i + 1] - shift, i < size - 2 ? beside[i + 1] : 0);
            if (Math.Abs(c) > Math.Abs(a))
            {
                (first[i], second[i], third[i]) = (c, d, e);
                (right[i], right[i + 1]) = (right[i + 1], right[i]);
                var factor = a / c;
                (a, b) = (b - factor * d, -factor * e);
                right[i + 1] -= factor * right[i];
            }
            else
            {
                (first[i], second[i]) = (Math.Abs(a) < tiny ? tiny : a, b);
                var factor = c / first[i];
                (a, b) = (d - factor * b, e);
                right[i + 1] -= factor * right[i];
            }
        }

        first[size - 1] = Math.Abs(a) < tiny ? tiny : a;
        for (var i = size - 1; i >= 0; i--)
            right[i] = (right[i] - (i < size - 1 ? second[i] * right[i + 1] : 0) - (i < size - 2 ? third[i] * right[i + 2] : 0)) / first[i];
    }

    private static void Orthonormalize(double[] vectors, Span<double> vector, int count)
    {
        var size = vector.Length;
        Normalize(vector);
        // The vector is made orthogonal to the earlier vectors twice, because rounding errors leave small components after the first pass.
        for (var time = 0; time < 2; time++)
        {
            for (var k = 0; k < count; k++)
            {
                var other = vectors.AsSpan(k * size, size);
                Products.AddScaled(-Products.Dot(other, vector), other, vector);
            }

            Normalize(vector);
        }
    }

    private static void Normalize(Span<double> vector)
    {
        var greatest = 0.0;
        foreach (var x in vector)
            greatest = Math.Max(greatest, Math.Abs(x));
        for (var i = 0; i < vector.Length; i++)
            vector[i] /= greatest;
        var length = Math.Sqrt(Products.Dot(vector, vector));
        for (var i = 0; i < vector.Length; i++)
            vector[i] /= length;
    }

    // Returns a bound that the magnitude of no eigenvalue exceeds, by Gershgorin's theorem.
    private static double Bound(double[] diagonal, double[] beside)
    {
        var bound = 0.0;
        for (var i = 0; i < diagonal.Length; i++)
            bound = Math.Max(bound, Math.Abs(diagonal[i]) + (i > 0 ? Math.Abs(beside[i - 1]) : 0) + (i < beside.Length ? Math.Abs(beside[i]) : 0));
        return bound;
    }
}
