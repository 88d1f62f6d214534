using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>Selects NVIDIA GPUs through CUDA and cuDNN. A property that is null has the default of the provider.</summary>
public sealed record CudaProvider() : ModelProvider("cuda")
{
    /// <summary>Gets the zero-based index of the GPU.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Gets the maximum size in bytes of the memory pool on the GPU.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Gets a value that specifies how the memory pool grows.</summary>
    public ArenaGrowth? Growth { get; init; }

    /// <summary>Gets a value that specifies how cuDNN chooses the algorithm of a convolution.</summary>
    public CudaConvolutionSearch? ConvolutionSearch { get; init; }

    /// <summary>Gets whether float32 matrix products may round their inputs to TF32, which has 10 bits of mantissa.</summary>
    public bool? UseTf32 { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("device_id", DeviceId);
        settings.Add("gpu_mem_limit", MemoryLimit);
        settings.Add(
            "arena_extend_strategy",
            Growth switch
            {
                ArenaGrowth.NextPowerOfTwo => "kNextPowerOfTwo",
                ArenaGrowth.SameAsRequested => "kSameAsRequested",
                _ => null,
            }
        );
        settings.Add(
            "cudnn_conv_algo_search",
            ConvolutionSearch switch
            {
                CudaConvolutionSearch.Exhaustive => "EXHAUSTIVE",
                CudaConvolutionSearch.Heuristic => "HEURISTIC",
                CudaConvolutionSearch.Default => "DEFAULT",
                _ => null,
            }
        );
        settings.Add("use_tf32", UseTf32);
    }
}
