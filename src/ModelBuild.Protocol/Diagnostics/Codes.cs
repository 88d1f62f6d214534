namespace ModelBuild.Protocol;

/// <summary>The codes of all diagnostics. <see cref="DiagnosticRules"/> has their titles and severities, docs/diagnostics.md their causes and cures.</summary>
internal static class Codes
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

    /// <summary>Two models have the same class name, or an item of another kind takes the place of the compressed model.</summary>
    public const string ClassNameTaken = "MB1006";

    /// <summary>The opset or the IR version is newer than what is understood.</summary>
    public const string UnsupportedVersion = "MB1008";

    /// <summary>The compressed model's answers differ by more than the budget allows.</summary>
    public const string FidelityMissed = "MB1009";

    /// <summary><c>--no-build</c> is set, and the compressed model is not there.</summary>
    public const string NotBuilt = "MB1010";

    /// <summary>Compression did not make the model smaller; the original is kept.</summary>
    public const string OriginalKept = "MB1011";

    /// <summary>A cache entry was damaged and has been made again.</summary>
    public const string CacheDamaged = "MB1012";

    /// <summary>The program failed, or was started in a way that it does not understand.</summary>
    public const string ProgramFailed = "MB1013";

    /// <summary>The work was cancelled.</summary>
    public const string Cancelled = "MB1014";

    /// <summary>No <c>dotnet</c> was found to run the program.</summary>
    public const string HostMissing = "MB1015";

    /// <summary>ONNX Runtime was not found, does not load, or has not the provider that is asked for.</summary>
    public const string OnnxRuntimeMissing = "MB1016";

    /// <summary>A provider does not exist on the project's platform.</summary>
    public const string ProviderElsewhere = "MB1017";

    /// <summary>The compressed model is larger than <c>MaxSize</c>.</summary>
    public const string SizeMissed = "MB1018";

    /// <summary>Calibration data cannot be read, or does not fit the model's inputs.</summary>
    public const string CalibrationData = "MB1019";

    /// <summary>The labels cannot be read.</summary>
    public const string Labels = "MB1020";

    /// <summary>The package has targets of its own, which NuGet imports in place of those that copy the models.</summary>
    public const string OwnTargets = "MB1021";

    /// <summary>Target frameworks of one package have different models.</summary>
    public const string DifferentModels = "MB1022";

    /// <summary>A step needs real data, or more of it than a calibration file keeps.</summary>
    public const string CalibrationMissing = "MB1023";

    /// <summary>A step gains nothing on the target that the recipe is made for.</summary>
    public const string WrongTarget = "MB1024";

    /// <summary>A step ran without the calibration data that would keep much more accuracy.</summary>
    public const string CalibrationWanted = "MB1025";

    /// <summary>The model cannot be cut into as many stages as were asked for.</summary>
    public const string Stages = "MB1026";

    /// <summary>Two packages bring a native ONNX Runtime of the same name.</summary>
    public const string NativeClash = "MB1027";

    /// <summary>What an item says of the model's states, or of names for its members, is wrong.</summary>
    public const string States = "MB1028";

    /// <summary>ONNX Runtime's own optimizations change what a model answers.</summary>
    public const string RuntimeOptimizations = "MB1031";

    /// <summary>The project targets a framework that is older than the oldest supported one.</summary>
    public const string OldFramework = "MB1033";

    /// <summary>The project is not in C#, and gets no classes.</summary>
    public const string OtherLanguage = "MB1034";

    /// <summary>Metadata of an item or a property is unknown, or has no effect.</summary>
    public const string UnknownMetadata = "MB1035";

    /// <summary>A model is deployed twice.</summary>
    public const string DeployedTwice = "MB1036";

    /// <summary>All model classes of a library are internal.</summary>
    public const string InternalClasses = "MB1037";

    /// <summary>Calibration data holds arrays that nothing reads.</summary>
    public const string DataNotUsed = "MB1038";

    /// <summary>Something that was asked for has no effect.</summary>
    public const string NoEffect = "MB1039";

    /// <summary>There is too little calibration data to judge a result by it.</summary>
    public const string FewSamples = "MB1040";

    /// <summary>A library's reference to ModelBuild hides the runtime from its users.</summary>
    public const string HiddenRuntime = "MB1041";

    /// <summary>No package has ONNX Runtime's native library for the application's platform.</summary>
    public const string NativeMissing = "MB1042";

    /// <summary>The signature file cannot be read.</summary>
    public const string UnreadableSignature = "MB2001";

    /// <summary>A reference that the model class needs is missing.</summary>
    public const string MissingReference = "MB2002";

    /// <summary>Two signatures give the same class.</summary>
    public const string DuplicateClass = "MB2003";

    /// <summary>A tensor has another name in C#.</summary>
    public const string NameMapped = "MB2004";

    /// <summary>A tensor has no typed member.</summary>
    public const string UntypedTensor = "MB2005";

    /// <summary>The C# language version is too old.</summary>
    public const string LanguageVersion = "MB2006";

    /// <summary>A chosen name is that of a member which every model class has.</summary>
    public const string ReservedName = "MB2008";
}
