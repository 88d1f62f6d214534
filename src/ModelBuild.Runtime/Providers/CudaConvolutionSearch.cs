namespace ModelBuild.Runtime;

/// <summary>How long cuDNN looks for the fastest convolution.</summary>
public enum CudaConvolutionSearch
{
    /// <summary>Tries all at the first run of a shape.</summary>
    Exhaustive,

    /// <summary>Takes what a heuristic says.</summary>
    Heuristic,

    /// <summary>Takes the default one.</summary>
    Default,
}
