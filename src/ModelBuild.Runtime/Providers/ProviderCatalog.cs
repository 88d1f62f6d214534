
namespace ModelBuild.Runtime.Providers;

/// <summary>The execution providers by name.</summary>
internal static class ProviderCatalog
{
    public const string Cpu = "cpu";

    private const string Native = "Microsoft.ML.OnnxRuntime";

    private static readonly ProviderInfo[] All =
    [
        // ONNX Runtime adds it to every session by itself, behind all others.
        new(Cpu, "CPUExecutionProvider", Native, _ => { }),
        new("cuda", "CUDAExecutionProvider", Native + ".Gpu", options => options.AppendExecutionProvider_CUDA()),
        new("tensorrt", "TensorrtExecutionProvider", Native + ".Gpu", options => options.AppendExecutionProvider_Tensorrt()),
        new("tensorrt-rtx", "NvTensorRTRTXExecutionProvider", Native + ".EP.NvTensorRtRtx", options => options.AppendExecutionProvider("NvTensorRtRtx")),
        new("directml", "DmlExecutionProvider", Native + ".DirectML", options => options.AppendExecutionProvider_DML()),
        new("openvino", "OpenVINOExecutionProvider", "Intel.ML.OnnxRuntime.OpenVino", options => options.AppendExecutionProvider_OpenVINO()),
        new("qnn", "QNNExecutionProvider", Native + ".QNN", options => options.AppendExecutionProvider("QNN")),
        new("coreml", "CoreMLExecutionProvider", Native, options => options.AppendExecutionProvider("CoreML")),
        new("xnnpack", "XnnpackExecutionProvider", Native, options => options.AppendExecutionProvider("XNNPACK")),
        new("webgpu", "WebGpuExecutionProvider", Native + ".WebGpu", options => options.AppendExecutionProvider("WebGPU")),
        new("migraphx", "MIGraphXExecutionProvider", Native + ".MIGraphX", options => options.AppendExecutionProvider_MIGraphX()),
        new("nnapi", "NnapiExecutionProvider", Native, options => options.AppendExecutionProvider_Nnapi()),
        new("dnnl", "DnnlExecutionProvider", Native + " built with oneDNN", options => options.AppendExecutionProvider_Dnnl()),
        new("cann", "CANNExecutionProvider", Native + " built with CANN", options => options.AppendExecutionProvider("CANN")),
        new("vitisai", "VitisAIExecutionProvider", Native + " built with Vitis AI", options => options.AppendExecutionProvider("VitisAI")),
        new("azure", "AzureExecutionProvider", Native + ".Azure", options => options.AppendExecutionProvider("AZURE")),
    ];

    public static IEnumerable<string> Names => All.Select(provider => provider.Name);

    /// <summary>Finds a provider by its own name, ONNX Runtime's, or a usual short form of it; null when it is unknown.</summary>
    public static ProviderInfo? Find(string name)
    {
        var wanted = name.Trim();
        return All.FirstOrDefault(provider =>
            wanted.Equals(provider.Name, StringComparison.OrdinalIgnoreCase)
            || wanted.Equals(provider.OrtName, StringComparison.OrdinalIgnoreCase)
            || wanted.Equals(provider.OrtName.Replace("ExecutionProvider", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
    }
}
