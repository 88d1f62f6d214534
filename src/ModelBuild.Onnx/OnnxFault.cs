namespace ModelBuild.Onnx;

/// <summary>What is wrong with an ONNX document.</summary>
public enum OnnxFault
{
    /// <summary>There is no such file.</summary>
    NotFound,

    /// <summary>The path names a folder.</summary>
    NotAFile,

    /// <summary>The operating system refuses to read or write the file.</summary>
    Inaccessible,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The file is a Git LFS pointer; the model itself was not fetched.</summary>
    GitLfsPointer,

    /// <summary>The file ends before its content does.</summary>
    Truncated,

    /// <summary>The bytes are not an ONNX document, or contradict themselves.</summary>
    Malformed,

    /// <summary>The document has no graph.</summary>
    NoGraph,

    /// <summary>Messages are nested deeper than a model can need.</summary>
    TooDeep,

    /// <summary>An external data path leaves the model's folder.</summary>
    ExternalDataOutside,

    /// <summary>An external data file is missing, or the model has no folder to look in.</summary>
    ExternalDataMissing,

    /// <summary>An external data offset or length is negative, not a number, or beyond the file.</summary>
    ExternalDataRange,

    /// <summary>A tensor's data does not have the size that its shape and type ask for.</summary>
    SizeMismatch,

    /// <summary>More than a protobuf message or a tensor can hold: 2 GB.</summary>
    TooLarge,

    /// <summary>A tensor has an element type that this version does not know.</summary>
    UnsupportedType,

    /// <summary>The document is written for a newer version of the ONNX format.</summary>
    UnsupportedVersion,

    /// <summary>Nodes depend on each other in a circle.</summary>
    Cycle,

    /// <summary>The model was loaded without its weights.</summary>
    WeightsSkipped,
}
