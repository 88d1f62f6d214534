namespace ModelBuild.Runtime;

/// <summary>The graphics interface under WebGPU.</summary>
public enum WebGpuBackend
{
    /// <summary>Vulkan.</summary>
    Vulkan,

    /// <summary>Direct3D 12.</summary>
    D3D12,
}
