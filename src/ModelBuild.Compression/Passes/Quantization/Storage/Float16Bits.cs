using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelBuild.Compression.Passes.Quantization.Storage;

/// <summary>Converts float32 to float16 (IEEE 754 binary16), to nearest, ties to even, with integer operations on the bits.</summary>
internal static class Float16Bits
{
    // The difference between the numbers of fraction bits of float32 and float16. The exponent bias of float16 is lower by 112.
    private const int Shift = 13;
    private const uint Rebias = 112 << 10;
    private const uint Infinity = 0x7C00;
    private const uint NotANumber = 0x7E00;
    private const uint SignBit = 0x8000_0000;

    // The bits of three float32 numbers: 2^-14, which is the least normal number of float16; 65520, which is the first number that rounds to float16's
    // infinity; and infinity.
    private const uint MinNormal = 0x3880_0000;
    private const uint Overflow = 0x477F_F000;
    private const uint SingleInfinity = 0x7F80_0000;

    /// <summary>Returns the numbers rounded to float16; infinite from 65520 on. The result for a NaN is not defined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Round(Vector128<float> values)
    {
        var magnitude = Vector128.Abs(values);
        var rounded = Vector128.ConditionalSelect(
            IsAtLeast(magnitude, MinNormal),
            WithoutLowBits(magnitude.AsUInt32()),
            (Aligned(magnitude) - Vector128.Create(0.5f)).AsUInt32()
        );
        rounded = Vector128.ConditionalSelect(IsAtLeast(magnitude, Overflow), Vector128.Create(SingleInfinity), rounded);
        return (rounded | Sign(values)).AsSingle();
    }

    /// <summary>Returns the bits of each number after rounding to float16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Of(Vector128<float> values)
    {
        var magnitude = Vector128.Abs(values);
        var bits = Vector128.ConditionalSelect(
            IsAtLeast(magnitude, MinNormal),
            (WithoutLowBits(magnitude.AsUInt32()) >>> Shift) - Vector128.Create(Rebias),
            Aligned(magnitude).AsUInt32() - Vector128.Create(0.5f).AsUInt32()
        );
        bits = Vector128.ConditionalSelect(IsAtLeast(magnitude, Overflow), Vector128.Create(Infinity), bits);
        bits = Vector128.ConditionalSelect(IsAtLeast(magnitude, SingleInfinity + 1), Vector128.Create(NotANumber), bits);
        return bits | (Sign(values) >>> 16);
    }

    // Rounds a magnitude to a subnormal number of float16, a multiple of 2^-24. Float32 has the same step between 0.5 and 1, so that an addition of 0.5 rounds
    // to it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Aligned(Vector128<float> magnitude) => magnitude + Vector128.Create(0.5f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> WithoutLowBits(Vector128<uint> bits) =>
        (bits + Vector128.Create((1u << (Shift - 1)) - 1) + ((bits >>> Shift) & Vector128<uint>.One)) & Vector128.Create(~((1u << Shift) - 1));

    // Returns a mask of the magnitudes that are at least a number, given by its bits. Magnitudes are compared by their bits as integers, which have the same
    // order as the floats.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> IsAtLeast(Vector128<float> magnitude, uint bits) =>
        Vector128.GreaterThan(magnitude.AsInt32(), Vector128.Create((int)bits - 1)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Sign(Vector128<float> values) => values.AsUInt32() & Vector128.Create(SignBit);
}
