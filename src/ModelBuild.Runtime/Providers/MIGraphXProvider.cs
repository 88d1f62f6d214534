using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects AMD GPUs through MIGraphX. A property that is null has the default of the provider.</summary>
public sealed record MIGraphXProvider() : ModelProvider("migraphx")
{
    /// <summary>Gets the zero-based index of the GPU.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Gets whether the GPU computes in float16.</summary>
    public bool? Fp16 { get; init; }

    /// <summary>Gets whether the GPU computes in int8. The model needs QuantizeLinear nodes or a calibration table.</summary>
    public bool? Int8 { get; init; }

    /// <summary>Gets whether the compiler measures all kernels.</summary>
    public bool? ExhaustiveTuning { get; init; }

    /// <summary>Gets the maximum size in bytes of the memory pool on the GPU.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Gets the folder in which compiled models are stored.</summary>
    public string? CacheDirectory { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("device_id", DeviceId);
        settings.Add("migraphx_fp16_enable", Fp16);
        settings.Add("migraphx_int8_enable", Int8);
        settings.Add("migraphx_exhaustive_tune", ExhaustiveTuning);
        settings.Add("migraphx_mem_limit", MemoryLimit);
        settings.Add("migraphx_model_cache_dir", CacheDirectory);
    }
}
