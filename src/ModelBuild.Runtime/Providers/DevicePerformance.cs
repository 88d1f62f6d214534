namespace ModelBuild.Runtime;

/// <summary>Specifies which of several devices is preferred.</summary>
public enum DevicePerformance
{
    /// <summary>The fastest device is preferred.</summary>
    High,

    /// <summary>The device with the lowest power consumption is preferred.</summary>
    LowPower,
}
