using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ModelBuild.Compression.Operators;

internal static class FiniteSpan
{
    private const int Exponent = 0x7F800000;

    /// <summary>Returns whether all values of a span are finite: none is NaN or infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool IsFinite(this ReadOnlySpan<float> values)
    {
        // The test compares the exponent bits: in infinities and NaN, and in no other floats, all bits of the exponent are set.
        var bits = MemoryMarshal.Cast<float, int>(values);
        var exponent = new Vector<int>(Exponent);
        var found = Vector<int>.Zero;
        var i = 0;
        for (; i <= bits.Length - Vector<int>.Count; i += Vector<int>.Count)
            found |= Vector.Equals(new Vector<int>(bits[i..]) & exponent, exponent);
        for (; i < bits.Length; i++)
            if ((bits[i] & Exponent) == Exponent)
                return false;
        return found == Vector<int>.Zero;
    }
}
