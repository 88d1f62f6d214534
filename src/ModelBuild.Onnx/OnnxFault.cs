namespace ModelBuild.Onnx;

/// <summary>Specifies the kind of fault of an ONNX document.</summary>
internal enum OnnxFault
{
    /// <summary>The file does not exist.</summary>
    NotFound,

    /// <summary>The path is that of a folder.</summary>
    NotAFile,

    /// <summary>The operating system does not allow reading or writing the file.</summary>
    Inaccessible,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The file is a Git LFS pointer; the model itself was not fetched.</summary>
    GitLfsPointer,

    /// <summary>The file ends before its content does.</summary>
    Truncated,

    /// <summary>The bytes are not an ONNX document, or are inconsistent.</summary>
    Malformed,

    /// <summary>The document has no graph.</summary>
    NoGraph,

    /// <summary>Messages are nested more deeply than in any valid model.</summary>
    TooDeep,

    /// <summary>A path of external data is outside the folder of the model.</summary>
    ExternalDataOutside,

    /// <summary>A file of external data is missing, or the model is in memory and has no folder.</summary>
    ExternalDataMissing,

    /// <summary>An offset or length of external data is negative, not a number, or beyond the end of the file.</summary>
    ExternalDataRange,

    /// <summary>The data of a tensor does not have the size that follows from its shape and type.</summary>
    SizeMismatch,

    /// <summary>A document or tensor is larger than 2 GB, the limit of protobuf.</summary>
    TooLarge,

    /// <summary>A tensor has an unknown element type.</summary>
    UnsupportedType,

    /// <summary>The document is written for a newer version of the ONNX format.</summary>
    UnsupportedVersion,

    /// <summary>Nodes depend on each other in a cycle.</summary>
    Cycle,

    /// <summary>The model was loaded without its weights.</summary>
    WeightsSkipped,
}
