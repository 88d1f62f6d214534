namespace ModelBuild.Tasks.Items;

/// <summary>What a recipe is made for, from what the project says of where it will run.</summary>
internal static class Targets
{
    /// <summary>The execution providers that <c>Providers</c> may name.</summary>
    public static readonly string[] Providers =
    [
        "cpu",
        "cuda",
        "tensorrt",
        "tensorrt-rtx",
        "directml",
        "openvino",
        "qnn",
        "coreml",
        "xnnpack",
        "webgpu",
        "migraphx",
        "nnapi",
        "dnnl",
        "cann",
        "vitisai",
        "azure",
    ];

    /// <summary>A provider's name as it stands above, for one that is spelt as people do: <c>TensorRT RTX</c>, <c>oneDNN</c>, <c>CUDAExecutionProvider</c>; null when it is unknown.</summary>
    public static string? Provider(string name)
    {
        var plain = Plain(name);
        return plain switch
        {
            "ONEDNN" => "dnnl",
            "DML" => "directml",
            "NVTENSORRTRTX" => "tensorrt-rtx",
            _ => Providers.FirstOrDefault(known => Plain(known) == plain),
        };
    }

    /// <summary>
    /// The first provider's name, and for the CPU the processor family. An application that may run anywhere is built for x64 on every
    /// machine: a build must not depend on the processor that it happens to run on.
    /// </summary>
    public static string Of(string provider, string? runtimeIdentifier, string? platformTarget)
    {
        if (provider != "cpu")
            return provider;
        var arm = runtimeIdentifier is not null ? runtimeIdentifier.Split('-').Any(IsArm) : platformTarget is not null && IsArm(platformTarget);
        return arm ? "cpu-arm64" : "cpu-x64";
    }

    private static string Plain(string name) => name.ToUpperInvariant().Replace("EXECUTIONPROVIDER", "").Replace("-", "").Replace(" ", "");

    private static bool IsArm(string architecture) => architecture.StartsWith("arm", StringComparison.OrdinalIgnoreCase);
}
