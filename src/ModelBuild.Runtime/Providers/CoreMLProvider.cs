using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects Apple CPUs, GPUs and neural engines through Core ML. A property that is null has the default of the provider.</summary>
public sealed record CoreMLProvider() : ModelProvider("coreml")
{
    /// <summary>Gets the units that may run the model.</summary>
    public CoreMLUnits? Units { get; init; }

    /// <summary>Gets the format that the model is converted to.</summary>
    public CoreMLFormat? Format { get; init; }

    /// <summary>Gets whether Core ML runs only parts of the model with fixed shapes.</summary>
    public bool? RequireStaticShapes { get; init; }

    /// <summary>Gets whether Core ML also runs the bodies of control-flow operators.</summary>
    public bool? EnableOnSubgraphs { get; init; }

    /// <summary>Gets whether the GPU may accumulate in float16.</summary>
    public bool? LowPrecisionGpu { get; init; }

    /// <summary>Gets the folder in which compiled models are stored.</summary>
    public string? CacheDirectory { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add(
            "MLComputeUnits",
            Units switch
            {
                CoreMLUnits.All => "ALL",
                CoreMLUnits.CpuOnly => "CPUOnly",
                CoreMLUnits.CpuAndGpu => "CPUAndGPU",
                CoreMLUnits.CpuAndNeuralEngine => "CPUAndNeuralEngine",
                _ => null,
            }
        );
        settings.Add(
            "ModelFormat",
            Format switch
            {
                CoreMLFormat.NeuralNetwork => "NeuralNetwork",
                CoreMLFormat.MLProgram => "MLProgram",
                _ => null,
            }
        );
        settings.Add("RequireStaticInputShapes", RequireStaticShapes);
        settings.Add("EnableOnSubgraphs", EnableOnSubgraphs);
        settings.Add("AllowLowPrecisionAccumulationOnGPU", LowPrecisionGpu);
        settings.Add("ModelCacheDirectory", CacheDirectory);
    }
}
