using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Targets;

/// <summary>The target that a recipe is made for: a family of processors, or the execution provider of an accelerator.</summary>
internal sealed record TargetProfile
{
    // The targets whose integer kernels have no zero points: those of NVIDIA.
    private static readonly string[] WithoutZeroPoints = ["cuda", "tensorrt", "tensorrt-rtx"];

    private TargetProfile(string name) => Name = name;

    /// <summary>The target for CPUs of the x64 family.</summary>
    public static TargetProfile CpuX64 { get; } =
        new("cpu-x64")
        {
            IsProcessor = true,
            HasUnsignedActivations = true,
            Costs = CostTable.CpuX64,
        };

    /// <summary>The target for Arm CPUs with 64 bits. There is no measured table of costs for them.</summary>
    public static TargetProfile CpuArm64 { get; } = new("cpu-arm64") { IsProcessor = true };

    /// <summary>The target of a recipe that names no target.</summary>
    public static TargetProfile Default => CpuX64;

    /// <summary>Every target, in the order in which help lists them.</summary>
    public static IReadOnlyList<TargetProfile> All { get; } =
    [
        CpuX64,
        CpuArm64,
        .. ProviderNames.All.Where(name => name != ProviderNames.Cpu).Select(name => Accelerator(name) with { IsSymmetric = WithoutZeroPoints.Contains(name) }),
    ];

    /// <summary>The name of the target in recipes, requests and receipts, such as <c>cpu-x64</c> or <c>cuda</c>.</summary>
    public string Name { get; }

    /// <summary>Whether ONNX Runtime's kernels for CPUs run the model.</summary>
    public bool IsProcessor { get; private init; }

    /// <summary>
    /// Whether activations are quantized to uint8 rather than int8 unless the recipe names a type. On x64 a convolution of uint8 by int8 takes a third of the
    /// time of float32, and one of int8 by int8 takes three quarters of it; Arm processors and accelerators multiply int8 by int8.
    /// </summary>
    internal bool HasUnsignedActivations { get; private init; }

    /// <summary>Whether the zero point of activations is the middle code.</summary>
    internal bool IsSymmetric { get; private init; }

    /// <summary>The measured costs of operators; null where there are none, so that integers are placed by rules alone.</summary>
    internal CostTable? Costs { get; private init; }

    /// <summary>The roles of operators that have a quantized form on this target, and no quantized form on CPUs.</summary>
    internal IReadOnlyDictionary<string, QuantizedRole> OwnRoles { get; private init; } = new Dictionary<string, QuantizedRole>();

    /// <summary>Returns the target called <paramref name="name"/>; the default for an empty name.</summary>
    /// <param name="name">The name, or null.</param>
    /// <exception cref="CompressionException">MB1005: there is no such target.</exception>
    public static TargetProfile Parse(string? name) =>
        string.IsNullOrWhiteSpace(name)
            ? Default
            : All.FirstOrDefault(target => target.Name == name.Trim())
                ?? throw new CompressionException(
                    Codes.UnknownOption,
                    $"There is no target '{name}'."
                        + $"{(ProviderHints.Hint(name) is { Length: > 0 } hint ? hint : NearestName.Hint(name, All.Select(target => target.Name)))}"
                        + $" Targets: {string.Join(", ", All)}."
                );

    /// <summary>Returns the name of the target.</summary>
    public override string ToString() => Name;

    private static TargetProfile Accelerator(string name) =>
        new(name)
        {
            OwnRoles = new Dictionary<string, QuantizedRole>(StringComparer.Ordinal)
            {
                ["ConvTranspose"] = QuantizedRole.Layer,
                ["Softmax"] = QuantizedRole.Arithmetic,
            },
        };
}
