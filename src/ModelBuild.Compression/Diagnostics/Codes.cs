namespace ModelBuild.Compression.Diagnostics;

/// <summary>The diagnostic codes of the compression engine. The table of diagnostics in the README describes them.</summary>
public static class Codes
{
    /// <summary>The model does not exist.</summary>
    public const string ModelMissing = "MB1001";

    /// <summary>The file is a Git LFS pointer.</summary>
    public const string GitLfsPointer = "MB1002";

    /// <summary>The file is not a readable ONNX model, or ONNX Runtime cannot load it.</summary>
    public const string ModelUnreadable = "MB1003";

    /// <summary>External data is missing, outside the model's folder, or too short.</summary>
    public const string ExternalData = "MB1004";

    /// <summary>A step, an option or a value is unknown.</summary>
    public const string UnknownOption = "MB1005";

    /// <summary>The opset or the IR version is newer than the supported ones.</summary>
    public const string UnsupportedVersion = "MB1008";

    /// <summary>The outputs of the compressed model differ by more than the budget allows.</summary>
    public const string FidelityMissed = "MB1009";

    /// <summary>Compression did not make the model smaller; the original is kept.</summary>
    public const string OriginalKept = "MB1011";

    /// <summary>A cache entry was damaged and has been made again.</summary>
    public const string CacheDamaged = "MB1012";

    /// <summary>The arguments of the program are not valid.</summary>
    public const string ProgramFailed = "MB1013";

    /// <summary>The work was cancelled.</summary>
    public const string Cancelled = "MB1014";

    /// <summary>ONNX Runtime was not found, or does not load.</summary>
    public const string OnnxRuntimeMissing = "MB1016";

    /// <summary>The compressed model is larger than <c>MaxSize</c>.</summary>
    public const string SizeMissed = "MB1018";

    /// <summary>Calibration data cannot be read, or does not fit the model's inputs.</summary>
    public const string CalibrationData = "MB1019";

    /// <summary>The labels cannot be read.</summary>
    public const string Labels = "MB1020";

    /// <summary>A step needs calibration samples, or statistics that a calibration file does not hold.</summary>
    public const string CalibrationMissing = "MB1023";

    /// <summary>A step has no benefit on the target of the recipe.</summary>
    public const string WrongTarget = "MB1024";

    /// <summary>A step ran without calibration data that would keep much more accuracy.</summary>
    public const string CalibrationWanted = "MB1025";

    /// <summary>The model cannot be cut into the requested number of stages.</summary>
    public const string Stages = "MB1026";

    /// <summary>The setting for the model's states or for the names of its members is wrong.</summary>
    public const string States = "MB1028";

    /// <summary>The optimizations of ONNX Runtime change the outputs of a model.</summary>
    public const string RuntimeOptimizations = "MB1031";

    /// <summary>Calibration data holds arrays that are not read.</summary>
    public const string DataNotUsed = "MB1038";

    /// <summary>A requested setting has no effect.</summary>
    public const string NoEffect = "MB1039";

    /// <summary>There are too few calibration samples to evaluate a result.</summary>
    public const string FewSamples = "MB1040";
}
