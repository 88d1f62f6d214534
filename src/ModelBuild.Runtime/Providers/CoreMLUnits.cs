namespace ModelBuild.Runtime;

/// <summary>Which units may run a Core ML model.</summary>
public enum CoreMLUnits
{
    /// <summary>All.</summary>
    All,

    /// <summary>The processor.</summary>
    CpuOnly,

    /// <summary>Processor and GPU.</summary>
    CpuAndGpu,

    /// <summary>Processor and neural engine.</summary>
    CpuAndNeuralEngine,
}
