using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ModelBuild.Runtime.Tensors;

/// <summary>Finds the highest element, with vectors where .NET has them for the type.</summary>
internal static class HighestElement
{
    /// <summary>The index of the first highest element; of the first that is not a number, if there is one.</summary>
    public static int IndexOf<T>(ReadOnlySpan<T> span)
    {
        // The comparisons are constants for the compiler: one branch is left.
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
        return OneByOne(span);
    }

    private static int Vectors<T, TNumber>(ReadOnlySpan<T> span)
        where TNumber : unmanaged, INumber<TNumber> =>
        TensorPrimitives.IndexOfMax(MemoryMarshal.CreateReadOnlySpan(
            ref System.Runtime.CompilerServices.Unsafe.As<T, TNumber>(ref MemoryMarshal.GetReference(span)), span.Length));

    private static int OneByOne<T>(ReadOnlySpan<T> span)
    {
        var highest = 0;
        for (var i = 1; i < span.Length; i++)
            if (Comparer<T>.Default.Compare(span[i], span[highest]) > 0)
                highest = i;
        return highest;
    }
}
