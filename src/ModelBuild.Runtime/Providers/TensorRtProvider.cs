using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>NVIDIA GPUs through TensorRT, which builds an engine for the model at first use.</summary>
public sealed record TensorRtProvider() : ModelProvider("tensorrt")
{
    /// <summary>The GPU, counted from 0.</summary>
    public int? DeviceId { get; init; }

    /// <summary>The most memory, in bytes, that an engine may use while it works.</summary>
    public long? WorkspaceSize { get; init; }

    /// <summary>Whether layers may compute in float16.</summary>
    public bool? Fp16 { get; init; }

    /// <summary>Whether layers may compute in bfloat16.</summary>
    public bool? Bf16 { get; init; }

    /// <summary>Whether layers may compute in int8; the model needs QuantizeLinear nodes, or a calibration table.</summary>
    public bool? Int8 { get; init; }

    /// <summary>The folder where built engines are kept, so that only the first start takes minutes.</summary>
    public string? EngineCachePath { get; init; }

    /// <summary>The folder where measured layer times are kept, which speeds up builds of similar engines.</summary>
    public string? TimingCachePath { get; init; }

    /// <summary>How long the builder looks: 0 (fast build) to 5 (fast engine); 3 is its default.</summary>
    public int? BuilderOptimizationLevel { get; init; }

    /// <summary>The smallest shapes of inputs with free dimensions: <c>x:1x3x224x224,y:1</c>.</summary>
    public string? MinimumShapes { get; init; }

    /// <summary>The shapes to be fastest for.</summary>
    public string? OptimalShapes { get; init; }

    /// <summary>The largest shapes.</summary>
    public string? MaximumShapes { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("device_id", DeviceId);
        settings.Add("trt_max_workspace_size", WorkspaceSize);
        settings.Add("trt_fp16_enable", Fp16);
        settings.Add("trt_bf16_enable", Bf16);
        settings.Add("trt_int8_enable", Int8);
        settings.Add("trt_engine_cache_enable", EngineCachePath is null ? null : true);
        settings.Add("trt_engine_cache_path", EngineCachePath);
        settings.Add("trt_timing_cache_enable", TimingCachePath is null ? null : true);
        settings.Add("trt_timing_cache_path", TimingCachePath);
        settings.Add("trt_builder_optimization_level", BuilderOptimizationLevel);
        settings.Add("trt_profile_min_shapes", MinimumShapes);
        settings.Add("trt_profile_opt_shapes", OptimalShapes);
        settings.Add("trt_profile_max_shapes", MaximumShapes);
    }
}
