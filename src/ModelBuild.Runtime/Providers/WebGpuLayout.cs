namespace ModelBuild.Runtime;

/// <summary>The layout that WebGPU computes convolutions in.</summary>
public enum WebGpuLayout
{
    /// <summary>Channels last; the default.</summary>
    Nhwc,

    /// <summary>Channels first.</summary>
    Nchw,
}
