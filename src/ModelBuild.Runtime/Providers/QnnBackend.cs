namespace ModelBuild.Runtime;

/// <summary>Specifies the part of a Qualcomm chip that runs a model.</summary>
public enum QnnBackend
{
    /// <summary>The NPU (Hexagon Tensor Processor) runs the model.</summary>
    Htp,

    /// <summary>The GPU runs the model.</summary>
    Gpu,

    /// <summary>The CPU runs the model, for tests.</summary>
    Cpu,
}
