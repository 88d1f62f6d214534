using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ModelBuild.Runtime.Pictures;

/// <summary>Provides operations on vectors that the portable classes of .NET 8 do not offer, or not as one instruction.</summary>
internal static class ByteVectors
{
    /// <summary>
    /// Selects bytes of a vector by their index; an index of 255 gives 0. The method exists because only Vector128 of .NET 9 and later does this quickly for
    /// indices that are not constant.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Select(Vector128<byte> bytes, Vector128<byte> indices) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(bytes, indices)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.VectorTableLookup(bytes, indices)
        : Vector128.Shuffle(bytes, indices);

    /// <summary>Converts the first eight bytes of a vector to floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LowerToSingle(Vector128<byte> bytes)
    {
        if (Avx2.IsSupported)
            return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(bytes));
        var (lower, upper) = Vector128.Widen(Vector128.WidenLower(bytes).AsInt16());
        return Vector256.Create(Vector128.ConvertToSingle(lower), Vector128.ConvertToSingle(upper));
    }

    /// <summary>Moves the last eight bytes of a vector to the front.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> UpperToLower(Vector128<byte> bytes) => Vector128.Shuffle(bytes.AsUInt64(), Vector128.Create(1ul, 1ul)).AsByte();

    /// <summary>Rounds values to the integers of an 8-bit pixel, 0 to 255. Halves are rounded up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> RoundToPixel(Vector256<float> values)
    {
        var (zero, max) = (Vector256<float>.Zero, Vector256.Create(255f));
        var rounded = Vector256.Floor(values + Vector256.Create(0.5f));
        return Avx.IsSupported ? Avx.Min(Avx.Max(rounded, zero), max) : Vector256.Min(Vector256.Max(rounded, zero), max);
    }
}
