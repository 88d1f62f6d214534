namespace ModelBuild.Runtime;

/// <summary>Specifies the units that may run a Core ML model.</summary>
public enum CoreMLUnits
{
    /// <summary>All units may run the model.</summary>
    All,

    /// <summary>Only the CPU may run the model.</summary>
    CpuOnly,

    /// <summary>The CPU and the GPU may run the model.</summary>
    CpuAndGpu,

    /// <summary>The CPU and the neural engine may run the model.</summary>
    CpuAndNeuralEngine,
}
