using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// Rounds to float16 and measures the error. Sums have a fixed order of four partial sums in blocks of a fixed size, which does not depend on the vectors or
/// the number of CPUs.
/// </summary>
/// <remarks>The loops use vectors explicitly, because the library's conversions are not optimized during the runtime of a short program.</remarks>
internal static unsafe class Float16Kernels
{
    private const int Block = 1 << 18;

    /// <summary>Returns each element rounded to nearest, ties to even.</summary>
    public static Half[] Narrow(ReadOnlySpan<float> values)
    {
        var count = values.Length;
        var result = GC.AllocateUninitializedArray<Half>(count);
        fixed (float* start = values)
        fixed (Half* target = result)
        {
            var (source, destination) = ((nint)start, (nint)target);
            Parallel.For(
                0,
                Blocks(count),
                block =>
                {
                    var (first, length) = Bounds(block, count);
                    Narrow((float*)source + first, (ushort*)destination + first, length);
                }
            );
        }

        return result;
    }

    /// <summary>Returns the energy of the values and of their rounding errors; the latter is not finite if a value is out of range.</summary>
    public static (double Signal, double Noise) Rounding(ReadOnlySpan<float> values)
    {
        var count = values.Length;
        var sums = new (double Signal, double Noise)[Blocks(count)];
        fixed (float* start = values)
        {
            var source = (nint)start;
            Parallel.For(
                0,
                sums.Length,
                block =>
                {
                    var (first, length) = Bounds(block, count);
                    sums[block] = Rounding((float*)source + first, length);
                }
            );
        }

        return sums.Aggregate((0.0, 0.0), (sum, block) => (sum.Item1 + block.Signal, sum.Item2 + block.Noise));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(float* source, ushort* destination, int count)
    {
        var i = 0;
        for (; i <= count - 8; i += 8)
            Vector128.Narrow(Float16Bits.Of(Vector128.Load(source + i)), Float16Bits.Of(Vector128.Load(source + i + 4))).Store(destination + i);
        for (; i < count; i++)
            destination[i] = (ushort)Float16Bits.Of(Vector128.CreateScalar(source[i])).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Signal, double Noise) Rounding(float* values, int count)
    {
        var (signal, noise) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var i = 0;
        for (; i <= count - 4; i += 4)
            Add(Vector128.Load(values + i), ref signal, ref noise);
        for (; i < count; i++)
            Add(Vector128.CreateScalar(values[i]), ref signal, ref noise);
        return (Sum(signal), Sum(noise));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector128<float> values, ref Vector256<double> signal, ref Vector256<double> noise)
    {
        var value = Widen(values);
        var error = value - Widen(Float16Bits.Round(values));
        signal += value * value;
        noise += error * error;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Widen(Vector128<float> four) => Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four));

    private static double Sum(Vector256<double> lanes) => lanes[0] + lanes[1] + lanes[2] + lanes[3];

    private static int Blocks(int count) => (int)(((long)count + Block - 1) / Block);

    private static (int First, int Length) Bounds(int block, int count) => (block * Block, Math.Min(Block, count - block * Block));
}
