using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Computes probabilities and rankings of rows of scores whose element type is known at run time only.</summary>
internal static class Scores
{
    /// <summary>Converts a row of scores to probabilities; integers are only converted to float32.</summary>
    public static float[] Probabilities<T>(ReadOnlySpan<T> row, ScoreKind kind)
    {
        var numbers = ToSingle(row);
        if (kind == ScoreKind.Logits && IsFloat<T>())
            Normalize<float>(numbers);
        else if (kind == ScoreKind.LogProbabilities)
            TensorPrimitives.Exp(numbers, numbers);
        return numbers;
    }

    /// <summary>Computes the softmax of a row; float16 and bfloat16 are computed in float32.</summary>
    /// <exception cref="NotSupportedException">The element type is not a floating-point type.</exception>
    public static T[] Softmax<T>(ReadOnlySpan<T> row)
    {
        if (typeof(T) == typeof(double))
        {
            var wide = row.ToArray();
            Normalize(MemoryMarshal.CreateSpan(ref Unsafe.As<T, double>(ref MemoryMarshal.GetArrayDataReference(wide)), wide.Length));
            return wide;
        }

        if (!IsFloat<T>())
            throw new NotSupportedException($"The softmax is not defined for elements of type {typeof(T).Name}.");
        var numbers = ToSingle(row);
        Normalize<float>(numbers);
        return typeof(T) == typeof(float) ? (T[])(object)numbers
            : typeof(T) == typeof(Half) ? (T[])(object)Array.ConvertAll(numbers, number => (Half)number)
            : (T[])(object)Array.ConvertAll(numbers, number => (BFloat16)number);
    }

    /// <summary>Returns the indices of the largest elements in descending order of the elements; of equal elements the first comes first.</summary>
    public static int[] Highest<T>(ReadOnlySpan<T> row, int count)
    {
        // The smallest of the elements that were found so far is at the head of the queue.
        var best = new PriorityQueue<int, (T Score, int Index)>(
            Comparer<(T Score, int Index)>.Create(
                (a, b) => Comparer<T>.Default.Compare(a.Score, b.Score) is not 0 and var order ? order : b.Index.CompareTo(a.Index)
            )
        );
        for (var i = 0; i < row.Length; i++)
            if (best.Count < count)
                best.Enqueue(i, (row[i], i));
            else
                best.EnqueueDequeue(i, (row[i], i));
        var places = new int[best.Count];
        for (var i = places.Length - 1; i >= 0; i--)
            places[i] = best.Dequeue();
        return places;
    }

    private static bool IsFloat<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(Half) || typeof(T) == typeof(BFloat16);

    // The maximum is subtracted, because the exponential of a large score overflows.
    private static void Normalize<T>(Span<T> row)
        where T : System.Numerics.IExponentialFunctions<T>, System.Numerics.INumber<T>
    {
        if (row.IsEmpty)
            return;
        TensorPrimitives.Subtract(row, TensorPrimitives.Max<T>(row), row);
        TensorPrimitives.SoftMax(row, row);
    }

    private static float[] ToSingle<T>(ReadOnlySpan<T> row)
    {
        var numbers = new float[row.Length];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = row[i] switch
            {
                float number => number,
                double number => (float)number,
                Half number => (float)number,
                BFloat16 number => (float)number,
                sbyte number => number,
                byte number => number,
                short number => number,
                ushort number => number,
                int number => number,
                uint number => number,
                long number => number,
                ulong number => number,
                _ => throw new NotSupportedException($"Elements of type {typeof(T).Name} are not scores."),
            };
        return numbers;
    }
}
