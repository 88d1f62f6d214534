using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Targets;

/// <summary>The targets that recipes can be made for: a processor family, or an accelerator's execution provider.</summary>
public static class TargetNames
{
    /// <summary>The target when none is named.</summary>
    public const string Default = "cpu-x64";

    /// <summary>Every target.</summary>
    public static IReadOnlyList<string> All { get; } = [Default, "cpu-arm64", .. ProviderNames.All.Where(name => name != ProviderNames.Cpu)];

    /// <summary>Whether models run on the processor itself there.</summary>
    public static bool IsCpu(string target) => target.StartsWith("cpu-", StringComparison.Ordinal);

    /// <summary>The target as written, checked.</summary>
    /// <exception cref="CompressionException">MB1005: it is unknown.</exception>
    public static string Parse(string? target) =>
        string.IsNullOrWhiteSpace(target) ? Default
        : All.Contains(target.Trim()) ? target.Trim()
        : throw new CompressionException(
            Codes.UnknownOption,
            $"There is no target '{target}'."
                + $"{(ProviderMeanings.Hint(target) is { Length: > 0 } hint ? hint : NearestName.Hint(target, All))} Targets: {string.Join(", ", All)}."
        );
}
