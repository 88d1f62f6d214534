using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>
/// An orthogonal matrix Q of a given size whose elements are all of the order of 1/√n, so that a vector with one large element becomes a vector of even
/// elements (the randomized Hadamard matrix of Ashkboos et al. 2024, arXiv 2404.00456). Q = D (H ⊗ O) R: D are random signs, H is the normalized Hadamard
/// matrix of the largest power of two that divides n, and O is a random orthogonal matrix whose size is the odd factor of n. The Householder reflection R
/// makes the sum of each row of Q equal to 1. Q therefore maps the vector of ones to itself, and a vector has the same mean before and after the rotation. The
/// matrix depends only on n.
/// </summary>
internal sealed class RandomRotation
{
    private const ulong Seed = 0x526F74617465;

    private readonly double[] _signs;
    private readonly double[] _odd;
    private readonly double[] _buffer;
    private readonly double[] _normal;
    private readonly int _rest;

    /// <summary>Computes the matrix of a given size.</summary>
    /// <param name="size">The number of rows and columns; more than 0.</param>
    public RandomRotation(int size)
    {
        var random = new SplitMix64(DerivedSeed.Of(Seed, size));
        _rest = size / (size & -size);
        _signs = [.. Enumerable.Range(0, size).Select(_ => random.NextDouble() < 0.5 ? -1.0 : 1.0)];
        _odd = Orthogonal(_rest, random);
        _buffer = new double[_rest];
        _normal = [];
        var root = 1 / Math.Sqrt(size);
        double[] ones = [.. Enumerable.Repeat(root, size)];
        Apply(ones);
        double[] normal = [.. ones.Select(value => value - root)];
        var length = Math.Sqrt(normal.Sum(value => value * value));
        // A difference vector that is shorter than 1e-12 has its length from rounding alone. The matrix then already maps the vector of ones to itself, and no
        // reflection is needed.
        _normal = length > 1e-12 ? [.. normal.Select(value => value / length)] : [];
    }

    /// <summary>The number of rows and columns of the matrix.</summary>
    public int Size => _signs.Length;

    /// <summary>Multiplies a row vector by the matrix, in place.</summary>
    /// <param name="vector">The vector.</param>
    public void Apply(Span<double> vector)
    {
        for (var i = 0; i < vector.Length; i++)
            vector[i] *= _signs[i];
        Hadamard(vector);
        if (_rest > 1)
            for (var start = 0; start < vector.Length; start += _rest)
                Multiply(vector.Slice(start, _rest));
        if (_normal.Length > 0)
            Reflect(vector);
    }

    // Applies the fast Walsh-Hadamard transform to a vector, in place. It combines blocks whose length is the odd factor of the vector's length.
    private void Hadamard(Span<double> vector)
    {
        for (var half = _rest; half < vector.Length; half *= 2)
        for (var start = 0; start < vector.Length; start += 2 * half)
        for (var i = start; i < start + half; i++)
            (vector[i], vector[i + half]) = (vector[i] + vector[i + half], vector[i] - vector[i + half]);
        var scale = 1 / Math.Sqrt(vector.Length / _rest);
        foreach (ref var value in vector)
            value *= scale;
    }

    private void Multiply(Span<double> block)
    {
        Array.Clear(_buffer);
        for (var i = 0; i < _rest; i++)
        for (var j = 0; j < _rest; j++)
            _buffer[j] += block[i] * _odd[i * _rest + j];
        _buffer.CopyTo(block);
    }

    private void Reflect(Span<double> vector)
    {
        var along = 0.0;
        for (var i = 0; i < vector.Length; i++)
            along += vector[i] * _normal[i];
        for (var i = 0; i < vector.Length; i++)
            vector[i] -= 2 * along * _normal[i];
    }

    // Returns a random orthogonal matrix: rows of normally distributed numbers, made orthogonal by the Gram-Schmidt process. The second round removes errors of
    // rounding.
    private static double[] Orthogonal(int size, SplitMix64 random)
    {
        var matrix = new double[size * size];
        for (var row = 0; row < size; row++)
        {
            var own = matrix.AsSpan(row * size, size);
            foreach (ref var value in own)
                value = random.NextNormal();
            for (var round = 0; round < 2; round++)
            for (var earlier = 0; earlier < row; earlier++)
                Remove(own, matrix.AsSpan(earlier * size, size));
            Normalize(own);
        }

        return matrix;
    }

    private static void Remove(Span<double> vector, ReadOnlySpan<double> direction)
    {
        var along = 0.0;
        for (var i = 0; i < vector.Length; i++)
            along += vector[i] * direction[i];
        for (var i = 0; i < vector.Length; i++)
            vector[i] -= along * direction[i];
    }

    private static void Normalize(Span<double> vector)
    {
        var length = 0.0;
        foreach (var value in vector)
            length += value * value;
        length = Math.Sqrt(length);
        foreach (ref var value in vector)
            value /= length;
    }
}
