namespace ModelBuild.Runtime;

/// <summary>Specifies the performance mode of the NPU by the names of Qualcomm.</summary>
public enum QnnPerformance
{
    /// <summary>The mode is <c>burst</c>.</summary>
    Burst,

    /// <summary>The mode is <c>balanced</c>.</summary>
    Balanced,

    /// <summary>The mode is <c>default</c>.</summary>
    Default,

    /// <summary>The mode is <c>high_performance</c>.</summary>
    High,

    /// <summary>The mode is <c>high_power_saver</c>.</summary>
    HighPowerSaver,

    /// <summary>The mode is <c>low_balanced</c>.</summary>
    LowBalanced,

    /// <summary>The mode is <c>low_power_saver</c>.</summary>
    LowPowerSaver,

    /// <summary>The mode is <c>power_saver</c>.</summary>
    PowerSaver,

    /// <summary>The mode is <c>extreme_power_saver</c>.</summary>
    ExtremePowerSaver,

    /// <summary>The mode is <c>sustained_high_performance</c>.</summary>
    SustainedHigh,
}
