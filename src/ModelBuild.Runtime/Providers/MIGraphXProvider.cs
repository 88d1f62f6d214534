using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>AMD GPUs through MIGraphX.</summary>
public sealed record MIGraphXProvider() : ModelProvider("migraphx")
{
    /// <summary>The GPU, counted from 0.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Whether to compute in float16.</summary>
    public bool? Fp16 { get; init; }

    /// <summary>Whether to compute in int8; the model needs QuantizeLinear nodes, or a calibration table.</summary>
    public bool? Int8 { get; init; }

    /// <summary>Whether the compiler tries all kernels.</summary>
    public bool? ExhaustiveTuning { get; init; }

    /// <summary>The most memory, in bytes, that the pool on the GPU takes.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>The folder where compiled models are kept.</summary>
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
