using System.Numerics;
using System.Runtime.CompilerServices;

namespace ModelBuild.Compression.Passes.Quantization;

/// <summary>
/// The inner loops of int8 quantization. The result for each element is exact or correctly rounded, so it does not depend on the vector length. The methods
/// are fully optimized at the first call, because the quantization of a model makes fewer calls than tiered compilation waits for.
/// </summary>
internal static class Int8Kernels
{
    private const double Limit = 127;

    /// <summary>Returns the largest magnitude max|x|; 0 for no elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Largest(ReadOnlySpan<float> values)
    {
        var largest = Vector<float>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            largest = Vector.Max(largest, Vector.Abs(new Vector<float>(values[i..])));
        var result = 0f;
        for (var lane = 0; lane < Vector<float>.Count; lane++)
            result = Math.Max(result, largest[lane]);
        for (; i < values.Length; i++)
            result = Math.Max(result, Math.Abs(values[i]));
        return result;
    }

    /// <summary>Computes largest = max(largest, |x|) for each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Enlarge(Span<float> largest, ReadOnlySpan<float> values)
    {
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            Vector.Max(new Vector<float>(largest[i..]), Vector.Abs(new Vector<float>(values[i..]))).CopyTo(largest[i..]);
        for (; i < values.Length; i++)
            largest[i] = Math.Max(largest[i], Math.Abs(values[i]));
    }

    /// <summary>Computes q = round-half-even(x / scale) with one scale for all elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(ReadOnlySpan<float> values, float scale, Span<sbyte> target)
    {
        var divisor = new Vector<double>(scale);
        var i = 0;
        for (; i <= values.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
            Vector.Narrow(Sixteen(values, i, divisor), Sixteen(values, i + Vector<short>.Count, divisor)).CopyTo(target[i..]);
        for (; i < values.Length; i++)
            target[i] = One(values[i], scale);
    }

    /// <summary>Computes q = round-half-even(x / scale) with a scale for each element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(ReadOnlySpan<float> values, ReadOnlySpan<float> scales, Span<sbyte> target)
    {
        var i = 0;
        for (; i <= values.Length - Vector<sbyte>.Count; i += Vector<sbyte>.Count)
            Vector.Narrow(Sixteen(values, i, scales), Sixteen(values, i + Vector<short>.Count, scales)).CopyTo(target[i..]);
        for (; i < values.Length; i++)
            target[i] = One(values[i], scales[i]);
    }

    // Converts sixteen floats to integers on a CPU with vectors of 256 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<short> Sixteen(ReadOnlySpan<float> values, int i, Vector<double> divisor)
    {
        Vector.Widen(new Vector<float>(values[i..]), out var a, out var b);
        Vector.Widen(new Vector<float>(values[(i + Vector<float>.Count)..]), out var c, out var d);
        return Vector.Narrow(Round(a / divisor, b / divisor), Round(c / divisor, d / divisor));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<short> Sixteen(ReadOnlySpan<float> values, int i, ReadOnlySpan<float> scales)
    {
        var j = i + Vector<float>.Count;
        Vector.Widen(new Vector<float>(values[i..]), out var a, out var b);
        Vector.Widen(new Vector<float>(values[j..]), out var c, out var d);
        Vector.Widen(new Vector<float>(scales[i..]), out var e, out var f);
        Vector.Widen(new Vector<float>(scales[j..]), out var g, out var h);
        return Vector.Narrow(Round(a / e, b / f), Round(c / g, d / h));
    }

    // Rounds quotients to integers. The conversion to float32 in between is exact, because integers up to 127 are exact in float32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Round(Vector<double> low, Vector<double> high) => Vector.ConvertToInt32(Vector.Narrow(Round(low), Round(high)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Round(Vector<double> values) =>
        Vector.Min(Vector.Max(Vector.Round(values, MidpointRounding.ToEven), new Vector<double>(-Limit)), new Vector<double>(Limit));

    private static sbyte One(float value, float scale) => (sbyte)Math.Clamp(Math.Round(value / (double)scale, MidpointRounding.ToEven), -Limit, Limit);
}
