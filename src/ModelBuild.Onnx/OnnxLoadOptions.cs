namespace ModelBuild.Onnx;

/// <summary>Contains the options for loading a model.</summary>
internal sealed record OnnxLoadOptions
{
    /// <summary>
    /// Gets whether tensor data over 1 KB is not loaded. Such tensors have a name, a type and a shape, and empty <c>raw_data</c>. The model cannot be saved.
    /// </summary>
    public bool SkipWeights { get; init; }

    /// <summary>
    /// Gets whether <c>raw_data</c> over 1 KB is mapped instead of copied, like external data. Such tensors take memory only while they are read (see
    /// <see cref="Tensors.Release"/>). The file must not change while the model is in use; some systems do not allow replacing a mapped file. The option
    /// applies to models that are loaded from a path.
    /// </summary>
    public bool MapWeights { get; init; }

    /// <summary>
    /// Gets the folder that paths of external data are relative to, for a model that is loaded from memory or a stream; null when such a model has no
    /// external data. A model that is loaded from a path uses the folder of the path.
    /// </summary>
    public string? ExternalDataFolder { get; init; }
}
