using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>
/// Selects NVIDIA RTX GPUs through TensorRT for RTX, which builds engines on the user's machine in seconds. A property that is null has the default of the
/// provider.
/// </summary>
public sealed record TensorRtRtxProvider() : ModelProvider("tensorrt-rtx")
{
    /// <summary>Gets the zero-based index of the GPU.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Gets the maximum size in bytes of the working memory while an engine is built.</summary>
    public long? WorkspaceSize { get; init; }

    /// <summary>Gets the folder in which kernels that were compiled at run time are stored.</summary>
    public string? RuntimeCachePath { get; init; }

    /// <summary>Gets the smallest shapes of inputs with dynamic dimensions, such as <c>x:1x3x224x224,y:1</c>.</summary>
    public string? MinimumShapes { get; init; }

    /// <summary>Gets the shapes for which the engine is optimized, in the form of <see cref="MinimumShapes"/>.</summary>
    public string? OptimalShapes { get; init; }

    /// <summary>Gets the largest shapes of inputs with dynamic dimensions, in the form of <see cref="MinimumShapes"/>.</summary>
    public string? MaximumShapes { get; init; }

    internal override void Write(ProviderSettings settings)
    {
        settings.Add("device_id", DeviceId);
        settings.Add("nv_max_workspace_size", WorkspaceSize);
        settings.Add("nv_runtime_cache_path", RuntimeCachePath);
        settings.Add("nv_profile_min_shapes", MinimumShapes);
        settings.Add("nv_profile_opt_shapes", OptimalShapes);
        settings.Add("nv_profile_max_shapes", MaximumShapes);
    }
}
