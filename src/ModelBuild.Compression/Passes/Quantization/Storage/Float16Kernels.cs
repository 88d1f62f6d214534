using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>
/// Rounding to float16 and what it costs. Sums are taken in one order: four lanes in blocks of a fixed size, whatever the processor's vectors and their number.
/// </summary>
internal static unsafe class Float16Kernels
{
    private const int Block = 1 << 18;
    private const int Piece = 1024;

    /// <summary>Each element rounded to nearest, ties to even.</summary>
    public static Half[] Narrow(ReadOnlySpan<float> values)
    {
        var count = values.Length;
        var result = GC.AllocateUninitializedArray<Half>(count);
        fixed (float* start = values)
        {
            var source = (nint)start;
            Parallel.For(0, Blocks(count), block =>
            {
                var (first, length) = Bounds(block, count);
                TensorPrimitives.ConvertToHalf(new ReadOnlySpan<float>((float*)source + first, length), result.AsSpan(first, length));
            });
        }

        return result;
    }

    /// <summary>The energy of the values and of what rounding changes, not finite where a value does not fit.</summary>
    public static (double Signal, double Noise) Rounding(ReadOnlySpan<float> values)
    {
        var count = values.Length;
        var sums = new (double Signal, double Noise)[Blocks(count)];
        fixed (float* start = values)
        {
            var source = (nint)start;
            Parallel.For(0, sums.Length, block =>
            {
                var (first, length) = Bounds(block, count);
                sums[block] = RoundingOf(new ReadOnlySpan<float>((float*)source + first, length));
            });
        }

        return sums.Aggregate((0.0, 0.0), (sum, block) => (sum.Item1 + block.Signal, sum.Item2 + block.Noise));
    }

    private static (double Signal, double Noise) RoundingOf(ReadOnlySpan<float> values)
    {
        var halves = new Half[Piece];
        var rounded = new float[Piece];
        var (signal, noise) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (; !values.IsEmpty; values = values[Math.Min(Piece, values.Length)..])
        {
            var piece = values[..Math.Min(Piece, values.Length)];
            TensorPrimitives.ConvertToHalf(piece, halves);
            TensorPrimitives.ConvertToSingle(halves.AsSpan(0, piece.Length), rounded);
            Add(piece, rounded, ref signal, ref noise);
        }

        return (Sum(signal), Sum(noise));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(ReadOnlySpan<float> values, ReadOnlySpan<float> rounded, ref Vector256<double> signal, ref Vector256<double> noise)
    {
        var (s, n) = (signal, noise);
        var i = 0;
        for (; i <= values.Length - 4; i += 4)
        {
            var value = Four(values, i);
            var error = value - Four(rounded, i);
            s += value * value;
            n += error * error;
        }

        for (; i < values.Length; i++)
        {
            var (value, error) = ((double)values[i], (double)values[i] - rounded[i]);
            s += Vector256.CreateScalar(value * value);
            n += Vector256.CreateScalar(error * error);
        }

        (signal, noise) = (s, n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Four(ReadOnlySpan<float> values, int i)
    {
        var four = Vector128.Create(values[i..]);
        return Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four));
    }

    private static double Sum(Vector256<double> lanes) => lanes[0] + lanes[1] + lanes[2] + lanes[3];

    private static int Blocks(int count) => (int)(((long)count + Block - 1) / Block);

    private static (int First, int Length) Bounds(int block, int count) => (block * Block, Math.Min(Block, count - block * Block));
}
