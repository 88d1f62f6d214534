namespace ModelBuild.Runtime;

/// <summary>Kinds of adapters.</summary>
public enum DirectMLDevices
{
    /// <summary>GPUs.</summary>
    Gpu,

    /// <summary>NPUs.</summary>
    Npu,

    /// <summary>Both.</summary>
    Any,
}
