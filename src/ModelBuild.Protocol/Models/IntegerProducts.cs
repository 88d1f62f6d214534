using System.Runtime.Intrinsics.X86;

namespace ModelBuild.Protocol;

/// <summary>
/// How this processor multiplies 8-bit integers. x64 processors without VNNI add pairs of products of unsigned activations and signed weights in 16 bits, where
/// 2 · 255 · 127 does not fit and is cut off: answers are wrong by as much as the layer says. ONNX Runtime has an option against it, which turns weights beyond ±64
/// into unsigned ones when it loads a model. With VNNI the option costs most of what int8 gains, so it is set only without; and only for models that say they bear it,
/// because a weight without an explicit zero point makes ONNX Runtime (seen with 1.29) abort under that option.
/// </summary>
internal static class IntegerProducts
{
    /// <summary>The key of ONNX Runtime's session option.</summary>
    public const string PreciseOption = "session.x64quantprecision";

    /// <summary>The metadata key under which a compressed model says what it multiplies.</summary>
    public const string ArithmeticKey = "modelbuild.arithmetic";

    /// <summary>Its value in models that multiply unsigned by signed 8-bit integers, all zero points explicit.</summary>
    public const string UnsignedBySigned = "u8s8";

    /// <summary>Whether products of unsigned and signed 8-bit integers saturate on this processor.</summary>
    public static bool Saturate { get; } = X86Base.IsSupported && !HasVnni();

    // CPUID leaf 7: bit 11 of ECX is AVX512_VNNI, bit 4 of EAX in subleaf 1 is AVX-VNNI (Intel, Software Developer's Manual, volume 2A, CPUID). Whether the operating
    // system keeps the registers is what IsSupported knows.
    private static bool HasVnni()
    {
        if (X86Base.CpuId(0, 0).Eax < 7)
            return false;
        var (subleaves, _, features, _) = X86Base.CpuId(7, 0);
        return (Avx512BW.IsSupported && (features & (1 << 11)) != 0) || (Avx2.IsSupported && subleaves >= 1 && (X86Base.CpuId(7, 1).Eax & (1 << 4)) != 0);
    }
}
