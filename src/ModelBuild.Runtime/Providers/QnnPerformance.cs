namespace ModelBuild.Runtime;

/// <summary>How the NPU trades speed for power, by Qualcomm's names.</summary>
public enum QnnPerformance
{
    /// <summary>burst</summary>
    Burst,

    /// <summary>balanced</summary>
    Balanced,

    /// <summary>default</summary>
    Default,

    /// <summary>high_performance</summary>
    High,

    /// <summary>high_power_saver</summary>
    HighPowerSaver,

    /// <summary>low_balanced</summary>
    LowBalanced,

    /// <summary>low_power_saver</summary>
    LowPowerSaver,

    /// <summary>power_saver</summary>
    PowerSaver,

    /// <summary>extreme_power_saver</summary>
    ExtremePowerSaver,

    /// <summary>sustained_high_performance</summary>
    SustainedHigh,
}
