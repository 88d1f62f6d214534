namespace ModelBuild.Testing;

/// <summary>Whether tests can interrupt programs that they start.</summary>
public static class Interrupts
{
    private const int Interrupt = 2;

    /// <summary>Whether this process ignores SIGINT: a shell starts background jobs so, and their children ignore it too.</summary>
    public static bool AreIgnored =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } line
        && (Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16) & (1UL << (Interrupt - 1))) != 0;
}
