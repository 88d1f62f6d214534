namespace ModelBuild.Protocol;

/// <summary>Lists the names of the execution providers.</summary>
internal static class ProviderNames
{
    /// <summary>The CPU provider, which every ONNX Runtime has.</summary>
    public const string Cpu = "cpu";

    private static readonly Dictionary<string, string> _aliases = new()
    {
        ["ONEDNN"] = "dnnl",
        ["DML"] = "directml",
        ["NVTENSORRTRTX"] = "tensorrt-rtx",
    };

    /// <summary>Gets the short names of all execution providers.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Cpu,
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

    /// <summary>
    /// Returns the short name of a provider for another spelling, such as <c>TensorRT RTX</c>, <c>oneDNN</c> or <c>CUDAExecutionProvider</c>; null if the
    /// spelling is unknown.
    /// </summary>
    public static string? Find(string text)
    {
        var plain = Plain(text);
        return _aliases.TryGetValue(plain, out var name) ? name : All.FirstOrDefault(known => Plain(known) == plain);
    }

    private static string Plain(string name) => name.ToUpperInvariant().Replace("EXECUTIONPROVIDER", "").Replace("-", "").Replace(" ", "");
}
