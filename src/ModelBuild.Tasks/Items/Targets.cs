namespace ModelBuild.Tasks.Items;

/// <summary>What a recipe is made for, from what the project says of where it will run.</summary>
internal static class Targets
{
    /// <summary>
    /// The first provider's name, and for the CPU the processor family. An application that may run anywhere is built for x64 on every
    /// machine: a build must not depend on the processor that it happens to run on.
    /// </summary>
    public static string Of(string provider, string? runtimeIdentifier, string? platformTarget)
    {
        if (provider != ProviderNames.Cpu)
            return provider;
        var arm = runtimeIdentifier is not null ? runtimeIdentifier.Split('-').Any(IsArm) : platformTarget is not null && IsArm(platformTarget);
        return arm ? "cpu-arm64" : "cpu-x64";
    }

    private static bool IsArm(string architecture) => architecture.StartsWith("arm", StringComparison.OrdinalIgnoreCase);
}
