using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Processors, GPUs and NPUs of Intel through OpenVINO.</summary>
public sealed record OpenVinoProvider() : ModelProvider("openvino")
{
    /// <summary><c>CPU</c>, <c>GPU</c>, <c>GPU.1</c>, <c>NPU</c>, or several: <c>AUTO:GPU,CPU</c>, <c>HETERO:NPU,CPU</c>.</summary>
    public string? DeviceType { get; init; }

    /// <summary>What to compute in.</summary>
    public OpenVinoPrecision? Precision { get; init; }

    /// <summary>How many threads a run on the processor uses.</summary>
    public int? Threads { get; init; }

    /// <summary>How many runs OpenVINO carries out at once.</summary>
    public int? Streams { get; init; }

    /// <summary>The folder where compiled models are kept.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>A JSON file with OpenVINO's own properties for each device.</summary>
    public string? ConfigurationFile { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("device_type", DeviceType);
        settings.Add(
            "precision",
            Precision switch
            {
                OpenVinoPrecision.Fp32 => "FP32",
                OpenVinoPrecision.Fp16 => "FP16",
                OpenVinoPrecision.Accuracy => "ACCURACY",
                _ => null,
            }
        );
        settings.Add("num_of_threads", Threads);
        settings.Add("num_streams", Streams);
        settings.Add("cache_dir", CacheDirectory);
        settings.Add("load_config", ConfigurationFile);
    }
}
