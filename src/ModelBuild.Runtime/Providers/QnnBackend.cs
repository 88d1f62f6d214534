namespace ModelBuild.Runtime;

/// <summary>Which part of a Qualcomm chip runs a model.</summary>
public enum QnnBackend
{
    /// <summary>The NPU (Hexagon Tensor Processor).</summary>
    Htp,

    /// <summary>The GPU.</summary>
    Gpu,

    /// <summary>The processor; for tests.</summary>
    Cpu,
}
