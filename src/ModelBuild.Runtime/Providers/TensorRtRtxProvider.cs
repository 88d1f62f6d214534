using ModelBuild.Runtime.Providers;

namespace ModelBuild.Runtime;

/// <summary>NVIDIA RTX GPUs through TensorRT for RTX, which builds engines on the user's machine in seconds.</summary>
public sealed record TensorRtRtxProvider() : ModelProvider("tensorrt-rtx")
{
    /// <summary>The GPU, counted from 0.</summary>
    public int? DeviceId { get; init; }

    /// <summary>The most memory, in bytes, that an engine may use while it is built.</summary>
    public long? WorkspaceSize { get; init; }

    /// <summary>The folder where kernels compiled at run time are kept.</summary>
    public string? RuntimeCachePath { get; init; }

    /// <summary>The smallest shapes of inputs with free dimensions: <c>x:1x3x224x224,y:1</c>.</summary>
    public string? MinimumShapes { get; init; }

    /// <summary>The shapes to be fastest for.</summary>
    public string? OptimalShapes { get; init; }

    /// <summary>The largest shapes.</summary>
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
