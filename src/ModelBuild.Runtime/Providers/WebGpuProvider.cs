using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects GPUs through WebGPU (Dawn): Direct3D 12, Vulkan or Metal. A property that is null has the default of the provider.</summary>
public sealed record WebGpuProvider() : ModelProvider("webgpu")
{
    /// <summary>Gets the data layout of convolutions.</summary>
    public WebGpuLayout? Layout { get; init; }

    /// <summary>Gets the graphics API that WebGPU uses, for systems that have several.</summary>
    public WebGpuBackend? Backend { get; init; }

    /// <summary>Gets a value that specifies which GPU is preferred.</summary>
    public DevicePerformance? Performance { get; init; }

    /// <summary>Gets the amount of validation that WebGPU does.</summary>
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
