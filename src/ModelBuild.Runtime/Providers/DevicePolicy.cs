namespace ModelBuild.Runtime;

/// <summary>Specifies how ONNX Runtime chooses devices and their providers.</summary>
public enum DevicePolicy
{
    /// <summary>ONNX Runtime prefers the CPU.</summary>
    PreferCpu,

    /// <summary>ONNX Runtime prefers a GPU.</summary>
    PreferGpu,

    /// <summary>ONNX Runtime prefers an NPU.</summary>
    PreferNpu,

    /// <summary>ONNX Runtime chooses the fastest device.</summary>
    MaximumPerformance,

    /// <summary>ONNX Runtime chooses the device that needs the least energy for a run.</summary>
    MaximumEfficiency,

    /// <summary>ONNX Runtime chooses the device with the lowest power consumption.</summary>
    MinimumPower,
}
