namespace ModelBuild.Compression.Diagnostics;

/// <summary>The codes of the README's table of diagnostics that the compression engine raises.</summary>
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

    /// <summary>The opset or the IR version is newer than what is understood.</summary>
    public const string UnsupportedVersion = "MB1008";

    /// <summary>The compressed model's answers differ by more than the budget allows.</summary>
    public const string FidelityMissed = "MB1009";

    /// <summary>Compression did not make the model smaller; the original is kept.</summary>
    public const string OriginalKept = "MB1011";

    /// <summary>A cache entry was damaged and has been made again.</summary>
    public const string CacheDamaged = "MB1012";

    /// <summary>The program was started in a way that it does not understand.</summary>
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

    /// <summary>A step needs real data, or more of it than a calibration file keeps.</summary>
    public const string CalibrationMissing = "MB1023";

    /// <summary>A step gains nothing on the target that the recipe is made for.</summary>
    public const string WrongTarget = "MB1024";

    /// <summary>A step ran without the calibration data that would keep much more accuracy.</summary>
    public const string CalibrationWanted = "MB1025";

    /// <summary>The model cannot be cut into as many stages as were asked for.</summary>
    public const string Stages = "MB1026";

    /// <summary>What an item says of the model's states, or of names for its members, is wrong.</summary>
    public const string States = "MB1028";

    /// <summary>ONNX Runtime's own optimizations change what a model answers.</summary>
    public const string RuntimeOptimizations = "MB1031";

    /// <summary>Calibration data holds arrays that nothing reads.</summary>
    public const string DataNotUsed = "MB1038";

    /// <summary>Something that was asked for has no effect.</summary>
    public const string NoEffect = "MB1039";

    /// <summary>There is too little calibration data to judge a result by it.</summary>
    public const string FewSamples = "MB1040";
}
