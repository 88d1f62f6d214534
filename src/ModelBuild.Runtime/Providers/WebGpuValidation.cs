namespace ModelBuild.Runtime;

/// <summary>How much WebGPU checks.</summary>
public enum WebGpuValidation
{
    /// <summary>Nothing: a fault may end the process.</summary>
    Disabled,

    /// <summary>What WebGPU itself checks.</summary>
    Internal,

    /// <summary>That and cheap checks of ONNX Runtime; the default.</summary>
    Basic,

    /// <summary>All; slow.</summary>
    Full,
}
