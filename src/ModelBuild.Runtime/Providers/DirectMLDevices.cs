namespace ModelBuild.Runtime;

/// <summary>Specifies the kinds of adapters that DirectML uses.</summary>
public enum DirectMLDevices
{
    /// <summary>DirectML uses GPUs.</summary>
    Gpu,

    /// <summary>DirectML uses NPUs.</summary>
    Npu,

    /// <summary>DirectML uses GPUs and NPUs.</summary>
    Any,
}
