using System.Numerics.Tensors;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Compares vectors by their cosines. A matrix has one vector per row. A tensor [N, T, D] has one vector per sample: the mean over the positions that count,
/// or the first position without a mask. [N, D, 1] also has one vector per sample.
/// </summary>
internal sealed class CosineMeter : IMeter
{
    private const int MinSamples = 50;
    private const int MaxSamples = 1000;
    private const int Neighbours = 10;

    private readonly List<(double[] Before, double[] After)> _vectors = [];
    private double _sum;
    private double _worst = 1;
    private double _noise;
    private long _count;

    public void Add(Compared call)
    {
        var shape = call.Before.Shape;
        var isSequence = shape.Length == 3 && shape[2] > 1;
        var rows = shape.Length < 2 ? 1 : (int)shape[0];
        var size = rows == 0 ? 0 : call.Before.Numbers.Length / rows;
        for (var row = 0; row < rows && size > 0; row++)
        {
            var (before, after) = isSequence
                ? (Pool(call, call.Before.Numbers, row), Pool(call, call.After.Numbers, row))
                : (call.Before.Numbers[(row * size)..((row + 1) * size)], call.After.Numbers[(row * size)..((row + 1) * size)]);
            // A sample is skipped if the mask excludes all of its positions, because it has no mean vector.
            if (before is not null && after is not null)
                Add(before, after);
        }
    }

    public OutputFidelity Describe(OutputFidelity fidelity) =>
        fidelity with
        {
            Cosine =
                _count == 0
                    ? null
                    : new CosineFigures(_sum / _count, _worst, _vectors.Count >= MinSamples ? KeptNeighbours() : null, Decibels.Of(_count, _noise)),
        };

    private static double[]? Pool(Compared call, double[] values, int row)
    {
        var (positions, size) = ((int)call.Before.Shape[1], (int)call.Before.Shape[2]);
        int[] kept = [.. Enumerable.Range(0, positions).Where(position => call.Kept is null ? position == 0 : call.Kept[(row * positions) + position])];
        if (kept.Length == 0)
            return null;
        var sum = new double[size];
        foreach (var position in kept)
            TensorPrimitives.Add(sum, values.AsSpan(((row * positions) + position) * size, size), sum);
        TensorPrimitives.Divide(sum, kept.Length, sum);
        return sum;
    }

    private void Add(double[] before, double[] after)
    {
        var (x, y) = (Normalized(before), Normalized(after));
        // Two equal vectors have the cosine 1, also if both are zero. A zero vector, or a vector with NaN, has the cosine 0 to all others.
        var cosine = before.AsSpan().SequenceEqual(after) ? 1 : TensorPrimitives.Dot<double>(x, y);
        cosine = double.IsNaN(cosine) ? 0 : Math.Clamp(cosine, -1, 1);
        _sum += cosine;
        _worst = Math.Min(_worst, cosine);
        // The noise is the squared distance of the normalized vectors. For vectors of length 1, |x − y|² is 2 · (1 − cosine).
        _noise += 2 * (1 - cosine);
        _count++;
        if (_vectors.Count < MaxSamples)
            _vectors.Add((x, y));
    }

    private static double[] Normalized(double[] vector)
    {
        var length = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(vector));
        return length > 0 && double.IsFinite(length) ? Array.ConvertAll(vector, value => value / length) : new double[vector.Length];
    }

    private double KeptNeighbours()
    {
        var kept = 0L;
        for (var i = 0; i < _vectors.Count; i++)
            kept += Nearest(i, pair => pair.Before).Intersect(Nearest(i, pair => pair.After)).Count();
        return (double)kept / (_vectors.Count * Neighbours);
    }

    private IEnumerable<int> Nearest(int of, Func<(double[] Before, double[] After), double[]> side)
    {
        var own = side(_vectors[of]);
        return Enumerable
            .Range(0, _vectors.Count)
            .Where(i => i != of)
            .OrderByDescending(i => TensorPrimitives.Dot<double>(own, side(_vectors[i])))
            .Take(Neighbours);
    }
}
