namespace ModelBuild.Tasks.Items;

/// <summary>Determines the target of a recipe from the provider and the platform of the project.</summary>
internal static class Targets
{
    /// <summary>The target of recipes for an application that runs on any processor.</summary>
    public const string Default = "cpu-x64";

    /// <summary>
    /// Returns the target of a recipe: the name of the first provider, and for the CPU the processor family. The target of an application that runs on any
    /// processor is always x64, because a build must not depend on the processor of the build machine.
    /// </summary>
    public static string Of(string provider, string? runtimeIdentifier, string? platformTarget)
    {
        if (provider != ProviderNames.Cpu)
            return provider;
        var arm = runtimeIdentifier is not null ? runtimeIdentifier.Split('-').Any(IsArm) : platformTarget is not null && IsArm(platformTarget);
        return arm ? "cpu-arm64" : Default;
    }

    private static bool IsArm(string architecture) => architecture.StartsWith("arm", StringComparison.OrdinalIgnoreCase);
}
