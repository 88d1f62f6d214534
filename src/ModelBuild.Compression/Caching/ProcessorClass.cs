using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Names the class of machines that usually compute the same last bits: the operating system, the architecture, and the widest vector instructions for which
/// ONNX Runtime has kernels. Machines of one class may still differ, for example by their number of threads or their system libraries.
/// </summary>
internal static class ProcessorClass
{
    // The bit for AVX-512 VNNI in the register ECX of the CPUID instruction, leaf 7, subleaf 0.
    private const int Avx512VnniBit = 11;

    /// <summary>Gets the class of the machine that this process runs on, such as <c>linux-x64-avx2</c>.</summary>
    public static string Text { get; } = $"{OperatingSystemName()}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}-{Vectors()}";

    private static string OperatingSystemName() =>
        OperatingSystem.IsWindows() ? "windows"
        : OperatingSystem.IsMacOS() ? "macos"
        : OperatingSystem.IsLinux() ? "linux"
        : "other";

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
