using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects Huawei Ascend NPUs through CANN. A property that is null has the default of the provider.</summary>
public sealed record CannProvider() : ModelProvider("cann")
{
    /// <summary>Gets the zero-based index of the NPU.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Gets the maximum size in bytes of the memory pool on the NPU.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Gets a value that specifies how the memory pool grows.</summary>
    public ArenaGrowth? Growth { get; init; }

    /// <summary>Gets whether the graph engine compiles the whole model instead of single operators.</summary>
    public bool? WholeGraph { get; init; }

    /// <summary>Gets the precision mode of CANN, such as <c>allow_fp32_to_fp16</c>.</summary>
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
