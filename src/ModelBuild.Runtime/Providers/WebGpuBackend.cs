namespace ModelBuild.Runtime;

/// <summary>Specifies the graphics API that WebGPU uses.</summary>
public enum WebGpuBackend
{
    /// <summary>WebGPU uses Vulkan.</summary>
    Vulkan,

    /// <summary>WebGPU uses Direct3D 12.</summary>
    D3D12,
}
