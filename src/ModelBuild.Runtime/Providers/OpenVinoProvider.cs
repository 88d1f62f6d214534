using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects Intel CPUs, GPUs and NPUs through OpenVINO. A property that is null has the default of the provider.</summary>
public sealed record OpenVinoProvider() : ModelProvider("openvino")
{
    /// <summary>
    /// Gets the device: <c>CPU</c>, <c>GPU</c>, <c>GPU.1</c>, <c>NPU</c>, or several, such as <c>AUTO:GPU,CPU</c> or <c>HETERO:NPU,CPU</c>.
    /// </summary>
    public string? DeviceType { get; init; }

    /// <summary>Gets the type that OpenVINO computes in.</summary>
    public OpenVinoPrecision? Precision { get; init; }

    /// <summary>Gets the number of threads that a run on the CPU uses.</summary>
    public int? Threads { get; init; }

    /// <summary>Gets the number of runs that OpenVINO executes at once.</summary>
    public int? Streams { get; init; }

    /// <summary>Gets the folder in which compiled models are stored.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Gets the path of a JSON file with OpenVINO properties for each device.</summary>
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
