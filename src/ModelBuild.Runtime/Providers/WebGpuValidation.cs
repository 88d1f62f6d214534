namespace ModelBuild.Runtime;

/// <summary>Specifies the amount of validation that WebGPU does.</summary>
public enum WebGpuValidation
{
    /// <summary>The provider validates nothing, and an error may end the process.</summary>
    Disabled,

    /// <summary>Only the validation of WebGPU itself is active.</summary>
    Internal,

    /// <summary>The validation of WebGPU and cheap checks of ONNX Runtime are active. This is the default.</summary>
    Basic,

    /// <summary>All checks are active, which is slow.</summary>
    Full,
}
