namespace ModelBuild.Runtime;

/// <summary>Specifies a kind of hardware that runs models.</summary>
public enum ModelDeviceKind
{
    /// <summary>The device is a CPU.</summary>
    Cpu,

    /// <summary>The device is a GPU.</summary>
    Gpu,

    /// <summary>The device is an NPU, a processor for neural networks.</summary>
    Npu,
}
