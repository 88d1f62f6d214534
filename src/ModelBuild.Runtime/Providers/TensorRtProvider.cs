using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>
/// Selects NVIDIA GPUs through TensorRT, which builds an engine for the model at first use. A property that is null has the default of the provider.
/// </summary>
public sealed record TensorRtProvider() : ModelProvider("tensorrt")
{
    /// <summary>Gets the zero-based index of the GPU.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Gets the maximum size in bytes of the working memory of an engine.</summary>
    public long? WorkspaceSize { get; init; }

    /// <summary>Gets whether layers may compute in float16.</summary>
    public bool? Fp16 { get; init; }

    /// <summary>Gets whether layers may compute in bfloat16.</summary>
    public bool? Bf16 { get; init; }

    /// <summary>Gets whether layers may compute in int8. The model needs QuantizeLinear nodes or a calibration table.</summary>
    public bool? Int8 { get; init; }

    /// <summary>Gets the folder in which built engines are stored, so that only the first start takes minutes.</summary>
    public string? EngineCachePath { get; init; }

    /// <summary>Gets the folder in which measured layer times are stored, which speeds up builds of similar engines.</summary>
    public string? TimingCachePath { get; init; }

    /// <summary>Gets the optimization level of the builder, from 0 (fast build) to 5 (fast engine). The default of TensorRT is 3.</summary>
    public int? BuilderOptimizationLevel { get; init; }

    /// <summary>Gets the smallest shapes of inputs with dynamic dimensions, such as <c>x:1x3x224x224,y:1</c>.</summary>
    public string? MinimumShapes { get; init; }

    /// <summary>Gets the shapes for which the engine is optimized, in the form of <see cref="MinimumShapes"/>.</summary>
    public string? OptimalShapes { get; init; }

    /// <summary>Gets the largest shapes of inputs with dynamic dimensions, in the form of <see cref="MinimumShapes"/>.</summary>
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
