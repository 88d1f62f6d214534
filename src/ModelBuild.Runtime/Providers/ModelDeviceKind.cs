namespace ModelBuild.Runtime;

/// <summary>Kinds of hardware that run models.</summary>
public enum ModelDeviceKind
{
    /// <summary>A processor.</summary>
    Cpu,

    /// <summary>A graphics processor.</summary>
    Gpu,

    /// <summary>A processor for neural networks.</summary>
    Npu,
}
