using System.Numerics;
using System.Numerics.Tensors;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>The Euclidean norm of all gradients together, and its limit (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
/// networks", 2013).</summary>
internal static class GradientNorm
{
    /// <summary>Scales all gradients by limit/norm if their norm is larger than the limit. Gradients whose norm is not finite do not change.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="limit">The largest norm; 0 for no limit.</param>
    /// <returns>The norm before scaling; infinity or NaN if a gradient is not finite.</returns>
    public static double Clip(IReadOnlyList<Parameter> parameters, double limit)
    {
        var sum = 0.0;
        for (var i = 0; i < parameters.Count; i++)
            sum += SumOfSquares(parameters[i].Gradient);
        var norm = Math.Sqrt(sum);
        if (limit > 0 && norm > limit && double.IsFinite(norm))
            for (var i = 0; i < parameters.Count; i++)
                TensorPrimitives.Multiply(parameters[i].Gradient, (float)(limit / norm), parameters[i].Gradient);
        return norm;
    }

    // Returns the sum of squares. The squares are added in float64, in which squares of float32 numbers neither overflow nor vanish.
    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        var (sum, i) = (Vector<double>.Zero, 0);
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var low, out var high);
            sum += low * low + high * high;
        }

        var total = Vector.Sum(sum);
        for (; i < values.Length; i++)
            total += (double)values[i] * values[i];
        return total;
    }
}
