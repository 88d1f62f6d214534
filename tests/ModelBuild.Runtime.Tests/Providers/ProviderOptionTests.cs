using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime.Tests.Providers;

/// <summary>Typed options come out under the keys that the providers document.</summary>
public sealed class ProviderOptionTests
{
    public static TheoryData<ModelProvider, string, string> Cases =>
        new()
        {
            {
                new CudaProvider
                {
                    DeviceId = 1,
                    MemoryLimit = 2L << 30,
                    Growth = ArenaGrowth.SameAsRequested,
                    ConvolutionSearch = CudaConvolutionSearch.Heuristic,
                    UseTf32 = false,
                },
                "cuda",
                "device_id=1 gpu_mem_limit=2147483648 arena_extend_strategy=kSameAsRequested cudnn_conv_algo_search=HEURISTIC use_tf32=0"
            },
            {
                new TensorRtProvider
                {
                    Fp16 = true,
                    Int8 = true,
                    EngineCachePath = "cache",
                    WorkspaceSize = 1 << 30,
                },
                "tensorrt",
                "trt_max_workspace_size=1073741824 trt_fp16_enable=1 trt_int8_enable=1 trt_engine_cache_enable=1 trt_engine_cache_path=cache"
            },
            {
                new TensorRtProvider { TimingCachePath = "t" },
                "tensorrt",
                "trt_timing_cache_enable=1 trt_timing_cache_path=t"
            },
            {
                new TensorRtRtxProvider { DeviceId = 0, RuntimeCachePath = "c" },
                "tensorrt-rtx",
                "device_id=0 nv_runtime_cache_path=c"
            },
            {
                new DirectMLProvider { DeviceId = 2 },
                "directml",
                "device_id=2"
            },
            {
                new DirectMLProvider { Performance = DevicePerformance.LowPower, Devices = DirectMLDevices.Npu },
                "directml",
                "performance_preference=minimum_power device_filter=npu"
            },
            {
                new OpenVinoProvider
                {
                    DeviceType = "AUTO:GPU,CPU",
                    Precision = OpenVinoPrecision.Fp16,
                    Threads = 4,
                    CacheDirectory = "c",
                },
                "openvino",
                "device_type=AUTO:GPU,CPU precision=FP16 num_of_threads=4 cache_dir=c"
            },
            {
                new QnnProvider
                {
                    Backend = QnnBackend.Htp,
                    Performance = QnnPerformance.SustainedHigh,
                    GraphOptimization = 3,
                    Fp16 = true,
                },
                "qnn",
                "backend_type=htp htp_performance_mode=sustained_high_performance htp_graph_finalization_optimization_mode=3 enable_htp_fp16_precision=1"
            },
            {
                new CoreMLProvider { Units = CoreMLUnits.CpuAndNeuralEngine, Format = CoreMLFormat.MLProgram },
                "coreml",
                "MLComputeUnits=CPUAndNeuralEngine ModelFormat=MLProgram"
            },
            {
                new XnnpackProvider { Threads = 3 },
                "xnnpack",
                "intra_op_num_threads=3"
            },
            {
                new WebGpuProvider { Layout = WebGpuLayout.Nchw, Validation = WebGpuValidation.Internal },
                "webgpu",
                "preferredLayout=NCHW validationMode=wgpuOnly"
            },
            {
                new MIGraphXProvider
                {
                    DeviceId = 1,
                    Fp16 = true,
                    CacheDirectory = "c",
                },
                "migraphx",
                "device_id=1 migraphx_fp16_enable=1 migraphx_model_cache_dir=c"
            },
            {
                new DnnlProvider { UseArena = false },
                "dnnl",
                "use_arena=0"
            },
            {
                new CannProvider { MemoryLimit = 5, PrecisionMode = "allow_fp32_to_fp16" },
                "cann",
                "npu_mem_limit=5 precision_mode=allow_fp32_to_fp16"
            },
            {
                new VitisAIProvider { ConfigurationFile = "f", CacheKey = "k" },
                "vitisai",
                "config_file=f cache_key=k"
            },
            { new CudaProvider(), "cuda", "" },
            { "azure", "azure", "" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Are_written_by_their_keys(ModelProvider provider, string name, string settings)
    {
        Assert.Equal(name, provider.Name);
        Assert.Equal(settings, string.Join(" ", provider.ToSettings().Select(setting => $"{setting.Key}={setting.Value}")));
    }

    [Fact]
    public void Free_options_win_over_typed_ones()
    {
        var provider = new CudaProvider
        {
            DeviceId = 1,
            Options = new Dictionary<string, string> { ["device_id"] = "2", ["tunable_op_enable"] = "1" },
        };
        Assert.Equal(new Dictionary<string, string> { ["device_id"] = "2", ["tunable_op_enable"] = "1" }, provider.ToSettings());
    }

    [Fact]
    public void Each_provider_of_ONNX_Runtime_is_known_and_says_why_it_is_not_here()
    {
        // The native function of each provider is called, if this build of ONNX Runtime has it.
        var everything = new ProviderAppender([.. ProviderCatalog.Names.Select(name => ProviderCatalog.Find(name)!.OrtName)]);
        foreach (var name in ProviderCatalog.Names.Where(name => name != "cpu"))
        {
            using var session = new SessionOptions();
            Assert.False(string.IsNullOrWhiteSpace(everything.Append(session, name)), name);
        }

        Assert.Equal("CANN execution provider is not enabled in this build; it comes with an ONNX Runtime built with CANN", Why("cann"));

        string? Why(string name)
        {
            using var session = new SessionOptions();
            return everything.Append(session, name);
        }
    }

    [Theory]
    [InlineData("CPUExecutionProvider", "cpu")]
    [InlineData("CUDA", "cuda")]
    [InlineData("TensorrtExecutionProvider", "tensorrt")]
    [InlineData("NvTensorRTRTX", "tensorrt-rtx")]
    [InlineData("dml", "directml")]
    [InlineData("OpenVINO", "openvino")]
    [InlineData("QNN", "qnn")]
    [InlineData("CoreML", "coreml")]
    [InlineData("XNNPACK", "xnnpack")]
    [InlineData("WebGPU", "webgpu")]
    [InlineData("MIGraphX", "migraphx")]
    [InlineData("oneDNN", "dnnl")]
    [InlineData("CANN", "cann")]
    [InlineData("VitisAI", "vitisai")]
    [InlineData("Vitis AI", "vitisai")]
    [InlineData("TensorRT-RTX", "tensorrt-rtx")]
    [InlineData("Azure", "azure")]
    public void Names_are_those_that_people_use(string name, string expected) => Assert.Equal(expected, new ModelProvider(name).Name);
}
