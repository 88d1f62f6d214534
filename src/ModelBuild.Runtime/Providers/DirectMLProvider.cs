using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Any GPU of Windows that speaks DirectX 12.</summary>
public sealed record DirectMLProvider() : ModelProvider("directml")
{
    /// <summary>The adapter, as DXGI counts them from 0. Null takes one by <see cref="Performance"/> and <see cref="Devices"/>.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Which adapter to take, when no number says it.</summary>
    public DevicePerformance? Performance { get; init; }

    /// <summary>Which kinds of adapters to look at, when no number says it.</summary>
    public DirectMLDevices? Devices { get; init; }

    /// <summary>Whether to do without the vendor's own kernels, which some drivers get wrong.</summary>
    public bool? DisableMetacommands { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("device_id", DeviceId);
        settings.Add(
            "performance_preference",
            Performance switch
            {
                DevicePerformance.High => "high_performance",
                DevicePerformance.LowPower => "minimum_power",
                _ => null,
            }
        );
        settings.Add(
            "device_filter",
            Devices switch
            {
                DirectMLDevices.Gpu => "gpu",
                DirectMLDevices.Npu => "npu",
                DirectMLDevices.Any => "any",
                _ => null,
            }
        );
        settings.Add("disable_metacommands", DisableMetacommands);
    }
}
