using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Values;

/// <summary>Arithmetic on rows of scores, for element types that are known at run time only.</summary>
internal static class Scores
{
    /// <summary>The probabilities that a row of scores stands for; whole numbers stay what they are.</summary>
    public static float[] Probabilities<T>(ReadOnlySpan<T> row, ScoreKind kind)
    {
        var numbers = ToSingle(row);
        if (kind == ScoreKind.Logits && IsFloat<T>())
            Normalize<float>(numbers);
        else if (kind == ScoreKind.LogProbabilities)
            TensorPrimitives.Exp(numbers, numbers);
        return numbers;
    }

    /// <summary>The softmax of a row; half-width floats are summed up in float32.</summary>
    /// <exception cref="NotSupportedException">The elements are no floats.</exception>
    public static T[] Softmax<T>(ReadOnlySpan<T> row)
    {
        if (typeof(T) == typeof(double))
        {
            var wide = row.ToArray();
            Normalize(MemoryMarshal.CreateSpan(ref Unsafe.As<T, double>(ref MemoryMarshal.GetArrayDataReference(wide)), wide.Length));
            return wide;
        }

        if (!IsFloat<T>())
            throw new NotSupportedException($"Elements of type {typeof(T).Name} have no softmax.");
        var numbers = ToSingle(row);
        Normalize<float>(numbers);
        return typeof(T) == typeof(float) ? (T[])(object)numbers
            : typeof(T) == typeof(Half) ? (T[])(object)Array.ConvertAll(numbers, number => (Half)number)
            : (T[])(object)Array.ConvertAll(numbers, number => (BFloat16)number);
    }

    /// <summary>The places of the highest elements, the highest first; of equal ones the first.</summary>
    public static int[] Highest<T>(ReadOnlySpan<T> row, int count)
    {
        // The worst of the best is at the head.
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

    // Without the highest one taken off, large scores are infinite.
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
                _ => throw new NotSupportedException($"Elements of type {typeof(T).Name} are no scores."),
            };
        return numbers;
    }
}
