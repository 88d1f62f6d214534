using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>NVIDIA GPUs through CUDA and cuDNN.</summary>
public sealed record CudaProvider() : ModelProvider("cuda")
{
    /// <summary>The GPU, counted from 0.</summary>
    public int? DeviceId { get; init; }

    /// <summary>The most memory, in bytes, that the pool on the GPU takes.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>How the pool grows.</summary>
    public ArenaGrowth? Growth { get; init; }

    /// <summary>How long cuDNN looks for the fastest convolution.</summary>
    public CudaConvolutionSearch? ConvolutionSearch { get; init; }

    /// <summary>Whether float32 matrix products may round their inputs to TF32 (10 bits of mantissa).</summary>
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
