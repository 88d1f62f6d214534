namespace ModelBuild.Runtime;

/// <summary>Which of several devices to prefer.</summary>
public enum DevicePerformance
{
    /// <summary>The fastest.</summary>
    High,

    /// <summary>The one that needs least power.</summary>
    LowPower,
}
