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
    // The names of the Linux kernel for the Arm extensions for which ONNX Runtime has kernels of its own: float16, products of int8 and of bfloat16, SVE and
    // SME.
    private static readonly string[] ArmExtensions = ["asimdhp", "asimddp", "i8mm", "bf16", "sve", "sve2", "sme", "sme2"];

    // The bit for AVX-512 VNNI in the register ECX of the CPUID instruction, leaf 7, subleaf 0.
    private const int Avx512VnniBit = 11;

    /// <summary>Gets the class of the machine that this process runs on, such as <c>linux-x64-avx2</c>.</summary>
    public static string Text { get; } = $"{OperatingSystemName()}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}-{Vectors()}";

    /// <summary>Returns the Arm extensions that every processor of a machine has, joined by hyphens; empty if the text names none.</summary>
    /// <param name="processors">The text of <c>/proc/cpuinfo</c>. The processors of one machine may differ.</param>
    internal static string ArmExtensionsOf(string processors)
    {
        var lines = processors.Split('\n').Where(line => line.StartsWith("Features", StringComparison.Ordinal)).Select(line => line.Split(' ', '\t')).ToArray();
        return lines.Length == 0 ? "" : string.Join('-', ArmExtensions.Where(name => lines.All(line => line.Contains(name))));
    }

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
                            : ArmVectors();

    private static string ArmVectors() =>
        TryReadProcessors() is { } processors && ArmExtensionsOf(processors) is { Length: > 0 } extensions ? $"neon-{extensions}"
        : Dp.IsSupported ? "dotprod"
        : AdvSimd.IsSupported ? "neon"
        : "scalar";

    private static string? TryReadProcessors()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText("/proc/cpuinfo") : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool HasAvx512Vnni() => (X86Base.CpuId(7, 0).Ecx & (1 << Avx512VnniBit)) != 0;
}
