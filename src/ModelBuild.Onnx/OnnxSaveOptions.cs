namespace ModelBuild.Onnx;

/// <summary>Contains the options for saving a model.</summary>
internal sealed record OnnxSaveOptions
{
    /// <summary>
    /// Gets the size in bytes above which the large initializers of a document are written to <c>&lt;file name&gt;.data</c> beside it. The default is
    /// somewhat below the 2 GB limit of protobuf.
    /// </summary>
    public long ExternalDataThreshold { get; init; } = 1_900_000_000;
}
