namespace ModelBuild.Onnx;

/// <summary>How to save a model.</summary>
public sealed record OnnxSaveOptions
{
    /// <summary>
    /// A document of more bytes than this puts its large initializers into <c>&lt;file name&gt;.data</c> beside it.
    /// The default leaves room below protobuf's limit of 2 GB.
    /// </summary>
    public long ExternalDataThreshold { get; init; } = 1_900_000_000;
}
