using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Names the class of processors that compute the same last bits: the architecture, and the widest vector instructions for which ONNX Runtime has kernels.
/// </summary>
internal static class ProcessorClass
{
    // CPUID leaf 7, subleaf 0, ECX bit 11.
    private const int Avx512VnniBit = 11;

    /// <summary>Gets the class of this process, such as <c>x64-avx2</c>.</summary>
    public static string Text { get; } = $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}-{Vectors()}";

    private static string Vectors() =>
        Avx512BW.IsSupported && Avx512DQ.IsSupported
            ? HasAvx512Vnni()
                ? "avx512vnni"
                : "avx512"
            : AvxVnni.IsSupported
                ? "avxvnni"
                : Avx2.IsSupported && Fma.IsSupported
                    ? "avx2"
                    : Avx.IsSupported
                        ? "avx"
                        : X86Base.IsSupported
                            ? "sse2"
                            : Dp.IsSupported
                                ? "dotprod"
                                : AdvSimd.IsSupported
                                    ? "neon"
                                    : "scalar";

    private static bool HasAvx512Vnni() => (X86Base.CpuId(7, 0).Ecx & (1 << Avx512VnniBit)) != 0;
}
