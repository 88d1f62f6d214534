using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Apple's processors, GPUs and neural engines.</summary>
public sealed record CoreMLProvider() : ModelProvider("coreml")
{
    /// <summary>Which units may run the model.</summary>
    public CoreMLUnits? Units { get; init; }

    /// <summary>What the model is turned into.</summary>
    public CoreMLFormat? Format { get; init; }

    /// <summary>Whether only parts with fixed shapes go to Core ML.</summary>
    public bool? RequireStaticShapes { get; init; }

    /// <summary>Whether the bodies of loops and branches go to Core ML too.</summary>
    public bool? EnableOnSubgraphs { get; init; }

    /// <summary>Whether the GPU may add up in float16.</summary>
    public bool? LowPrecisionGpu { get; init; }

    /// <summary>The folder where compiled models are kept.</summary>
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
