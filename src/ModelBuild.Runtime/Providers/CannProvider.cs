using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Huawei's Ascend NPUs through CANN.</summary>
public sealed record CannProvider() : ModelProvider("cann")
{
    /// <summary>The NPU, counted from 0.</summary>
    public int? DeviceId { get; init; }

    /// <summary>The most memory, in bytes, that the pool on the NPU takes.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>How the pool grows.</summary>
    public ArenaGrowth? Growth { get; init; }

    /// <summary>Whether the graph engine compiles the whole model, instead of operators one by one.</summary>
    public bool? WholeGraph { get; init; }

    /// <summary>CANN's word for what to compute in, such as <c>allow_fp32_to_fp16</c>.</summary>
    public string? PrecisionMode { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("device_id", DeviceId);
        settings.Add("npu_mem_limit", MemoryLimit);
        settings.Add(
            "arena_extend_strategy",
            Growth switch
            {
                ArenaGrowth.NextPowerOfTwo => "kNextPowerOfTwo",
                ArenaGrowth.SameAsRequested => "kSameAsRequested",
                _ => null,
            }
        );
        settings.Add("enable_cann_graph", WholeGraph);
        settings.Add("precision_mode", PrecisionMode);
    }
}
