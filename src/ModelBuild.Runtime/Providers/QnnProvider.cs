using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects Qualcomm NPUs and GPUs through the AI Engine Direct SDK. A property that is null has the default of the provider.</summary>
public sealed record QnnProvider() : ModelProvider("qnn")
{
    /// <summary>Gets the part of the chip that runs the model. It cannot be combined with <see cref="BackendPath"/>.</summary>
    public QnnBackend? Backend { get; init; }

    /// <summary>Gets the path of the backend library, such as <c>QnnHtp.dll</c>.</summary>
    public string? BackendPath { get; init; }

    /// <summary>Gets the performance mode of the NPU.</summary>
    public QnnPerformance? Performance { get; init; }

    /// <summary>Gets the optimization level of the graph, from 0 (default) to 3 (slowest compilation).</summary>
    public int? GraphOptimization { get; init; }

    /// <summary>Gets whether the NPU computes float32 models in float16; null means that it does.</summary>
    public bool? Fp16 { get; init; }

    /// <summary>Gets the size of the fast memory (VTCM) to reserve on the NPU, in MB.</summary>
    public int? VtcmMegabytes { get; init; }

    /// <summary>Gets the number of the chip in Qualcomm's list, for compiling a model for another chip than that of this machine.</summary>
    public string? SocModel { get; init; }

    /// <summary>Gets the zero-based index of the device.</summary>
    public int? DeviceId { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add(
            "backend_type",
            Backend switch
            {
                QnnBackend.Htp => "htp",
                QnnBackend.Gpu => "gpu",
                QnnBackend.Cpu => "cpu",
                _ => null,
            }
        );
        settings.Add("backend_path", BackendPath);
        settings.Add(
            "htp_performance_mode",
            Performance switch
            {
                QnnPerformance.Burst => "burst",
                QnnPerformance.Balanced => "balanced",
                QnnPerformance.Default => "default",
                QnnPerformance.High => "high_performance",
                QnnPerformance.HighPowerSaver => "high_power_saver",
                QnnPerformance.LowBalanced => "low_balanced",
                QnnPerformance.LowPowerSaver => "low_power_saver",
                QnnPerformance.PowerSaver => "power_saver",
                QnnPerformance.ExtremePowerSaver => "extreme_power_saver",
                QnnPerformance.SustainedHigh => "sustained_high_performance",
                _ => null,
            }
        );
        settings.Add("htp_graph_finalization_optimization_mode", GraphOptimization);
        settings.Add("enable_htp_fp16_precision", Fp16);
        settings.Add("vtcm_mb", VtcmMegabytes);
        settings.Add("soc_model", SocModel);
        settings.Add("device_id", DeviceId);
    }
}
