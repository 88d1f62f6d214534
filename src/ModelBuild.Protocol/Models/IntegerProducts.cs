using System.Runtime.Intrinsics.X86;

namespace ModelBuild.Protocol;

/// <summary>
/// Determines how this processor multiplies 8-bit integers. On x64 processors without VNNI, ONNX Runtime adds pairs of products of unsigned activations and
/// signed weights in 16 bits. The sum can be 2 · 255 · 127, which overflows and saturates, so that outputs are wrong. A session option of ONNX Runtime avoids
/// this: it converts weights beyond ±64 to unsigned weights when a model is loaded. With VNNI the option costs most of the speed of int8, so it is set only
/// without VNNI. It is also set only for models whose metadata allows it, because a weight without an explicit zero point makes ONNX Runtime 1.29 abort with
/// this option.
/// </summary>
internal static class IntegerProducts
{
    /// <summary>The key of ONNX Runtime's session option that avoids saturated sums of 8-bit products.</summary>
    public const string PreciseOption = "session.x64quantprecision";

    /// <summary>The metadata key of the kind of integer products in a compressed model.</summary>
    public const string ArithmeticKey = "modelbuild.arithmetic";

    /// <summary>The metadata value of models that multiply unsigned by signed 8-bit integers and have explicit zero points only.</summary>
    public const string UnsignedBySigned = "u8s8";

    /// <summary>Gets whether sums of products of unsigned and signed 8-bit integers saturate on this processor.</summary>
    public static bool Saturate { get; } = X86Base.IsSupported && !HasVnni();

    // CPUID leaf 7: bit 11 of ECX is AVX512_VNNI, bit 4 of EAX in subleaf 1 is AVX-VNNI (Intel, Software Developer's Manual, volume 2A, CPUID). IsSupported
    // also tests whether the operating system saves the registers.
    private static bool HasVnni()
    {
        if (X86Base.CpuId(0, 0).Eax < 7)
            return false;
        var (subleaves, _, features, _) = X86Base.CpuId(7, 0);
        return (Avx512BW.IsSupported && (features & (1 << 11)) != 0) || (Avx2.IsSupported && subleaves >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 4)) != 0);
    }
}
