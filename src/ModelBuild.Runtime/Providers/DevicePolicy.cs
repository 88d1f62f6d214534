namespace ModelBuild.Runtime;

/// <summary>How ONNX Runtime chooses devices, and with them providers, by itself.</summary>
public enum DevicePolicy
{
    /// <summary>The processor, when there is a choice.</summary>
    PreferCpu,

    /// <summary>A GPU, when there is one.</summary>
    PreferGpu,

    /// <summary>An NPU, when there is one.</summary>
    PreferNpu,

    /// <summary>What is fastest.</summary>
    MaximumPerformance,

    /// <summary>What needs least energy for a run.</summary>
    MaximumEfficiency,

    /// <summary>What needs least power.</summary>
    MinimumPower,
}
