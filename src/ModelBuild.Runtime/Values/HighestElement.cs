using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ModelBuild.Runtime.Values;

/// <summary>Finds the largest element, with vector instructions for the types that .NET supports.</summary>
internal static class HighestElement
{
    // The number of elements from which on vector instructions are used. They save a microsecond on 1000 elements, but compiling the vector code takes 40 ms at
    // its first use.
    private const int VectorsFrom = 2048;

    /// <summary>Returns the index of the first largest element, or of the first NaN when there is one.</summary>
    public static int IndexOf<T>(ReadOnlySpan<T> span)
    {
        // The JIT compiler evaluates comparisons of T with a type, so that the compiled method has only one branch.
        if (typeof(T) == typeof(float))
            return Vectors<T, float>(span);
        if (typeof(T) == typeof(double))
            return Vectors<T, double>(span);
        if (typeof(T) == typeof(Half))
            return Vectors<T, Half>(span);
        if (typeof(T) == typeof(int))
            return Vectors<T, int>(span);
        if (typeof(T) == typeof(long))
            return Vectors<T, long>(span);
        if (typeof(T) == typeof(byte))
            return Vectors<T, byte>(span);
        return ByComparer(span);
    }

    private static int Vectors<T, TNumber>(ReadOnlySpan<T> span)
        where TNumber : unmanaged, INumber<TNumber>
    {
        var numbers = MemoryMarshal.CreateReadOnlySpan(
            ref System.Runtime.CompilerServices.Unsafe.As<T, TNumber>(ref MemoryMarshal.GetReference(span)),
            span.Length
        );
        return numbers.Length < VectorsFrom ? Sequential(numbers) : TensorPrimitives.IndexOfMax(numbers);
    }

    // Finds the largest element one by one, in the order of IndexOfMax: NaN is larger than all numbers, and 0 is larger than −0.
    private static int Sequential<TNumber>(ReadOnlySpan<TNumber> numbers)
        where TNumber : INumber<TNumber>
    {
        if (numbers.IsEmpty)
            return -1;
        var highest = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            if (TNumber.IsNaN(numbers[i]))
                return i;
            if (numbers[i] > numbers[highest] || (numbers[i] == numbers[highest] && TNumber.IsNegative(numbers[highest]) && !TNumber.IsNegative(numbers[i])))
                highest = i;
        }

        return highest;
    }

    private static int ByComparer<T>(ReadOnlySpan<T> span)
    {
        var highest = 0;
        for (var i = 1; i < span.Length; i++)
            if (Comparer<T>.Default.Compare(span[i], span[highest]) > 0)
                highest = i;
        return highest;
    }
}
