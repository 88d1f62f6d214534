namespace ModelBuild.Runtime;

/// <summary>Specifies the data layout in which WebGPU computes convolutions.</summary>
public enum WebGpuLayout
{
    /// <summary>The channels are the last dimension. This is the default.</summary>
    Nhwc,

    /// <summary>The channels are the second dimension.</summary>
    Nchw,
}
