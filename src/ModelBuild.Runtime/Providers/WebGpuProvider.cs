using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Any GPU through Dawn: Direct3D 12, Vulkan or Metal.</summary>
public sealed record WebGpuProvider() : ModelProvider("webgpu")
{
    /// <summary>The layout for convolutions.</summary>
    public WebGpuLayout? Layout { get; init; }

    /// <summary>What Dawn draws with, where there is a choice.</summary>
    public WebGpuBackend? Backend { get; init; }

    /// <summary>Which GPU to take.</summary>
    public DevicePerformance? Performance { get; init; }

    /// <summary>How much is checked at each step.</summary>
    public WebGpuValidation? Validation { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add(
            "preferredLayout",
            Layout switch
            {
                WebGpuLayout.Nhwc => "NHWC",
                WebGpuLayout.Nchw => "NCHW",
                _ => null,
            }
        );
        settings.Add(
            "dawnBackendType",
            Backend switch
            {
                WebGpuBackend.Vulkan => "Vulkan",
                WebGpuBackend.D3D12 => "D3D12",
                _ => null,
            }
        );
        settings.Add(
            "powerPreference",
            Performance switch
            {
                DevicePerformance.High => "high-performance",
                DevicePerformance.LowPower => "low-power",
                _ => null,
            }
        );
        settings.Add(
            "validationMode",
            Validation switch
            {
                WebGpuValidation.Disabled => "disabled",
                WebGpuValidation.Internal => "wgpuOnly",
                WebGpuValidation.Basic => "basic",
                WebGpuValidation.Full => "full",
                _ => null,
            }
        );
    }
}
