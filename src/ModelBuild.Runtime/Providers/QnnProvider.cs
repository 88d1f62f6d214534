using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Qualcomm's NPUs and GPUs through the AI Engine Direct SDK.</summary>
public sealed record QnnProvider() : ModelProvider("qnn")
{
    /// <summary>Which part of the chip runs the model. Not together with <see cref="BackendPath"/>.</summary>
    public QnnBackend? Backend { get; init; }

    /// <summary>The backend library by its path, such as <c>QnnHtp.dll</c>.</summary>
    public string? BackendPath { get; init; }

    /// <summary>How the NPU trades speed for power.</summary>
    public QnnPerformance? Performance { get; init; }

    /// <summary>How long the NPU's graph is optimized: 0 (default) to 3 (longest).</summary>
    public int? GraphOptimization { get; init; }

    /// <summary>Whether the NPU computes float32 models in float16; it does unless told otherwise.</summary>
    public bool? Fp16 { get; init; }

    /// <summary>How much of the NPU's fast memory to take, in MB.</summary>
    public int? VtcmMegabytes { get; init; }

    /// <summary>The chip's number in Qualcomm's list, to compile for another one.</summary>
    public string? SocModel { get; init; }

    /// <summary>The device, counted from 0.</summary>
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
