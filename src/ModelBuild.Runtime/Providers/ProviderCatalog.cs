using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace ModelBuild.Runtime.Providers;

/// <summary>Lists the known execution providers.</summary>
internal static class ProviderCatalog
{
    public const string Cpu = ProviderNames.Cpu;

    private const string Native = "the package Microsoft.ML.OnnxRuntime";

    private static readonly Lock _webGpu = new();

    private static readonly ProviderInfo[] All =
    [
        // ONNX Runtime adds the CPU provider to every session, after all other providers.
        new(Cpu, "CPUExecutionProvider", Native, (_, _) => { }),
        new("cuda", "CUDAExecutionProvider", Native + ".Gpu", Cuda),
        new("tensorrt", "TensorrtExecutionProvider", Native + ".Gpu", TensorRt) { Compiles = true },
        ByName("tensorrt-rtx", "NvTensorRTRTXExecutionProvider", "NVIDIA's plug-in library (github.com/NVIDIA/TensorRT-RTX-EP-ABI)", "NvTensorRtRtx") with
        {
            IsPlugIn = true,
            Compiles = true,
        },
        // A session of DirectML supports one thread at a time (onnxruntime.ai, DirectML execution provider).
        ByName("directml", "DmlExecutionProvider", Native + ".DirectML", "DML") with
        {
            GetLock = () => new Lock(),
        },
        ByName("openvino", "OpenVINOExecutionProvider", "the package Intel.ML.OnnxRuntime.OpenVino", "OpenVINO") with
        {
            Compiles = true,
        },
        ByName("qnn", "QNNExecutionProvider", Native + ".QNN", "QNN") with
        {
            Compiles = true,
        },
        ByName("coreml", "CoreMLExecutionProvider", Native + " on macOS and iOS", "CoreML"),
        ByName("xnnpack", "XnnpackExecutionProvider", Native + " on Android and iOS", "XNNPACK") with
        {
            ConvertsLayout = true,
        },
        // WebGPU sessions that run at the same time interleave their commands, which leads to wrong outputs or a crash (microsoft/onnxruntime#27592, #32561).
        ByName("webgpu", "WebGpuExecutionProvider", Native + ".EP.WebGpu", "WebGPU") with
        {
            IsPlugIn = true,
            ConvertsLayout = true,
            GetLock = () => _webGpu,
        },
        ByName("migraphx", "MIGraphXExecutionProvider", "an ONNX Runtime built with MIGraphX", "MIGraphX"),
        new("nnapi", "NnapiExecutionProvider", Native + " on Android", (session, _) => session.AppendExecutionProvider_Nnapi()),
        new("dnnl", "DnnlExecutionProvider", "an ONNX Runtime built with oneDNN", Dnnl),
        new("cann", "CANNExecutionProvider", "an ONNX Runtime built with CANN", CannNative.Append),
        ByName("vitisai", "VitisAIExecutionProvider", "an ONNX Runtime built with Vitis AI", "VitisAI") with
        {
            Compiles = true,
        },
        ByName("azure", "AzureExecutionProvider", Native + ".Azure", "AZURE"),
    ];

    public static IEnumerable<string> Names => All.Select(provider => provider.Name);

    /// <summary>Finds a provider by its short name, its name in ONNX Runtime, or an alias; null when it is unknown.</summary>
    public static ProviderInfo? Find(string name) => ProviderNames.Find(name) is { } known ? Array.Find(All, provider => provider.Name == known) : null;

    /// <summary>Returns the short name of a provider for its name in ONNX Runtime. If there is no short name, the given name is returned.</summary>
    public static string ShortName(string ortName) => Find(ortName)?.Name ?? ortName;

    private static ProviderInfo ByName(string name, string ortName, string source, string appended) =>
        new(name, ortName, source, (session, settings) => session.AppendExecutionProvider(appended, settings));

    private static void Cuda(SessionOptions session, Dictionary<string, string> settings)
    {
        using var options = new OrtCUDAProviderOptions();
        if (settings.Count > 0)
            options.UpdateOptions(settings);
        session.AppendExecutionProvider_CUDA(options);
    }

    private static void TensorRt(SessionOptions session, Dictionary<string, string> settings)
    {
        using var options = new OrtTensorRTProviderOptions();
        if (settings.Count > 0)
            options.UpdateOptions(settings);
        session.AppendExecutionProvider_Tensorrt(options);
    }

    private static void Dnnl(SessionOptions session, Dictionary<string, string> settings) =>
        session.AppendExecutionProvider_Dnnl(
            settings.TryGetValue("use_arena", out var text) && int.TryParse(text, CultureInfo.InvariantCulture, out var useArena) ? useArena : 1
        );
}
