using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects GPUs and NPUs with DirectX 12 on Windows through DirectML. A property that is null has the default of the provider.</summary>
public sealed record DirectMLProvider() : ModelProvider("directml")
{
    /// <summary>
    /// Gets the zero-based index of the adapter in the order of DXGI; null to choose by <see cref="Performance"/> and <see cref="Devices"/>.
    /// </summary>
    public int? DeviceId { get; init; }

    /// <summary>Gets a value that specifies which adapter is preferred when <see cref="DeviceId"/> is null.</summary>
    public DevicePerformance? Performance { get; init; }

    /// <summary>Gets the kinds of adapters that are considered when <see cref="DeviceId"/> is null.</summary>
    public DirectMLDevices? Devices { get; init; }

    /// <summary>Gets whether the kernels of the vendor (metacommands), which are wrong in some drivers, are disabled.</summary>
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
