namespace ModelBuild.Protocol;

/// <summary>
/// Suggests execution providers for the name of a device or a vendor, such as <c>gpu</c>.
/// </summary>
internal static class ProviderHints
{
    // Words of device names with the providers that they may mean. Entries with more specific names precede the others, because the first match is used.
    private static readonly (string Words, string[] Providers)[] _hints =
    [
        ("trt", ["tensorrt"]),
        ("nvidia geforce rtx cudnn", ["cuda", "tensorrt"]),
        ("rocm hip", ["migraphx"]),
        ("ryzen ryzenai xilinx", ["vitisai"]),
        ("amd radeon", ["directml", "migraphx", "vitisai"]),
        ("intel arc igpu", ["openvino", "directml"]),
        ("qualcomm snapdragon hexagon htp", ["qnn"]),
        ("metal mps apple ane mac macos osx ios", ["coreml", "webgpu"]),
        ("huawei ascend", ["cann"]),
        ("android", ["nnapi", "xnnpack"]),
        ("directx direct3d d3d12 dx12 winml windowsml windows", ["directml"]),
        ("vulkan opencl webnn browser", ["webgpu"]),
        ("mkl mkldnn", ["dnnl"]),
        ("npu", ["qnn", "openvino", "vitisai"]),
        ("gpu gpus graphics", ["cuda", "directml", "webgpu"]),
        ("processor mlas default", ["cpu"]),
    ];

    private static readonly Dictionary<string, string> _devices = new()
    {
        ["cpu"] = "the CPU",
        ["cuda"] = "NVIDIA's GPUs",
        ["tensorrt"] = "NVIDIA's GPUs, compiled for them",
        ["directml"] = "GPUs on Windows",
        ["webgpu"] = "GPUs on Windows, Linux and macOS",
        ["migraphx"] = "AMD's GPUs on Linux",
        ["vitisai"] = "AMD's NPUs",
        ["openvino"] = "Intel's processors, GPUs and NPUs",
        ["qnn"] = "Qualcomm's NPUs",
        ["coreml"] = "Apple's GPUs and neural engines",
        ["cann"] = "Huawei's NPUs",
        ["nnapi"] = "Android",
        ["xnnpack"] = "processors of phones",
        ["dnnl"] = "Intel's processors",
    };

    /// <summary>
    /// Returns a sentence about the providers that a name may mean, such as " Did you mean 'qnn' (Qualcomm's NPUs)?", with a leading space; the text is empty
    /// when the name is unknown.
    /// </summary>
    public static string Hint(string name)
    {
        var words = new string([.. name.Select(letter => char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ')]).Split(' ');
        var meant = _hints.FirstOrDefault(meaning => meaning.Words.Split(' ').Intersect(words).Any()).Providers ?? [];
        return meant.Length == 0 ? "" : $" Did you mean {string.Join(" or ", meant.Select(provider => $"'{provider}' ({_devices[provider]})"))}?";
    }
}
