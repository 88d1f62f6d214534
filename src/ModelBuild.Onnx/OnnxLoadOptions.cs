namespace ModelBuild.Onnx;

/// <summary>How to load a model.</summary>
public sealed record OnnxLoadOptions
{
    /// <summary>
    /// Leave tensor data over 1 KB on disk: such tensors keep name, type and shape and have empty <c>raw_data</c>.
    /// Enough to read names, types and shapes; the model cannot be saved.
    /// </summary>
    public bool SkipWeights { get; init; }

    /// <summary>
    /// Map <c>raw_data</c> over 1 KB instead of copying it, as external data always is: such tensors take memory while they are read (see <see cref="Tensors.Release"/>).
    /// The file must not change meanwhile, and where the system keeps mapped files from being replaced, it cannot be. Only for a model loaded from a path.
    /// </summary>
    public bool MapWeights { get; init; }

    /// <summary>
    /// The folder that external data paths are relative to, for a model loaded from memory or a stream.
    /// Without it such a model may not have external data. A model loaded from a path uses the path's folder.
    /// </summary>
    public string? ExternalDataFolder { get; init; }
}
