namespace ModelBuild.Runtime;

/// <summary>Specifies how cuDNN chooses the algorithm of a convolution.</summary>
public enum CudaConvolutionSearch
{
    /// <summary>cuDNN measures all algorithms at the first run of a shape.</summary>
    Exhaustive,

    /// <summary>cuDNN chooses an algorithm by a heuristic.</summary>
    Heuristic,

    /// <summary>cuDNN uses its default algorithm.</summary>
    Default,
}
