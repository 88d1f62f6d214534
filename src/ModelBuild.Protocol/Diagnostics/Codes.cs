namespace ModelBuild.Protocol;

/// <summary>
/// Lists the codes of all diagnostics. <see cref="DiagnosticRules"/> has their titles and severities, and docs/diagnostics.md has their causes and remedies.
/// </summary>
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

    /// <summary>The opset or the IR version is newer than the supported ones.</summary>
    public const string UnsupportedVersion = "MB1008";

    /// <summary>The outputs of the compressed model differ from those of the original by more than the budget allows.</summary>
    public const string FidelityMissed = "MB1009";

    /// <summary>The compressed model does not exist in a build with <c>--no-build</c>.</summary>
    public const string NotBuilt = "MB1010";

    /// <summary>Compression did not make the model smaller; the original is kept.</summary>
    public const string OriginalKept = "MB1011";

    /// <summary>A cache entry was damaged, and the model was compressed again.</summary>
    public const string CacheDamaged = "MB1012";

    /// <summary>The program failed, or the build started it with a request that it cannot read.</summary>
    public const string ProgramFailed = "MB1013";

    /// <summary>The work was cancelled.</summary>
    public const string Cancelled = "MB1014";

    /// <summary>No <c>dotnet</c> was found to run the program.</summary>
    public const string HostMissing = "MB1015";

    /// <summary>ONNX Runtime was not found, does not load, or lacks a requested provider.</summary>
    public const string OnnxRuntimeMissing = "MB1016";

    /// <summary>A provider does not exist on the project's platform.</summary>
    public const string ProviderElsewhere = "MB1017";

    /// <summary>The compressed model is larger than <c>MaxSize</c>.</summary>
    public const string SizeMissed = "MB1018";

    /// <summary>Calibration data cannot be read, or does not fit the model's inputs.</summary>
    public const string CalibrationData = "MB1019";

    /// <summary>The labels cannot be read.</summary>
    public const string Labels = "MB1020";

    /// <summary>The package has targets of its own, which NuGet imports instead of those that copy the models.</summary>
    public const string OwnTargets = "MB1021";

    /// <summary>Target frameworks of one package have different models.</summary>
    public const string DifferentModels = "MB1022";

    /// <summary>A step needs real data, or more real data than a calibration file contains.</summary>
    public const string CalibrationMissing = "MB1023";

    /// <summary>A step has no benefit on the target of the recipe.</summary>
    public const string WrongTarget = "MB1024";

    /// <summary>A step ran without calibration data, with which it would keep much more accuracy.</summary>
    public const string CalibrationWanted = "MB1025";

    /// <summary>The model cannot be cut into the requested number of stages.</summary>
    public const string Stages = "MB1026";

    /// <summary>Two packages contain a native ONNX Runtime with the same file name.</summary>
    public const string NativeClash = "MB1027";

    /// <summary>The states or the member names that an item sets are wrong.</summary>
    public const string States = "MB1028";

    /// <summary>ONNX Runtime's own optimizations change the outputs of the model.</summary>
    public const string RuntimeOptimizations = "MB1031";

    /// <summary>The project targets a framework that is older than the oldest supported one.</summary>
    public const string OldFramework = "MB1033";

    /// <summary>The project is not in C#, so it gets no classes.</summary>
    public const string OtherLanguage = "MB1034";

    /// <summary>Metadata of an item or a property is unknown, or has no effect.</summary>
    public const string UnknownMetadata = "MB1035";

    /// <summary>A model is deployed twice.</summary>
    public const string DeployedTwice = "MB1036";

    /// <summary>All model classes of a library are internal.</summary>
    public const string InternalClasses = "MB1037";

    /// <summary>Calibration data contains arrays that no input reads.</summary>
    public const string DataNotUsed = "MB1038";

    /// <summary>A setting has no effect.</summary>
    public const string NoEffect = "MB1039";

    /// <summary>There is too little calibration data to verify a result with it.</summary>
    public const string FewSamples = "MB1040";

    /// <summary>A library's reference to ModelBuild hides the runtime from its users.</summary>
    public const string HiddenRuntime = "MB1041";

    /// <summary>No package contains ONNX Runtime's native library for the application's platform.</summary>
    public const string NativeMissing = "MB1042";

    /// <summary>A step of the recipe trains, and there are no trained values for it.</summary>
    public const string TrainingNeeded = "MB1043";

    /// <summary>The trained values belong to another model, recipe or data.</summary>
    public const string TrainedValuesStale = "MB1044";

    /// <summary>Training fails, because the loss is not finite.</summary>
    public const string TrainingDiverged = "MB1045";

    /// <summary>A file that describes the inputs and outputs of a model cannot be read.</summary>
    public const string DescriptionFile = "MB1046";

    /// <summary>The preparation of images cannot become a part of the model.</summary>
    public const string Preprocess = "MB1047";

    /// <summary>The process that measures a model crashed.</summary>
    public const string MeasurementFailed = "MB1048";

    /// <summary>A model has no receipt, or the receipt cannot be read.</summary>
    public const string ReceiptMissing = "MB1049";

    /// <summary>The remote cache does not work, or an entry of it cannot be used. The model is compressed here.</summary>
    public const string RemoteCache = "MB1050";

    /// <summary>The ASP.NET Core runtime is missing, which <c>modelbuild serve</c> needs.</summary>
    public const string AspNetCoreMissing = "MB1051";

    /// <summary>A worker of a training in several processes has ended, or differs from the others.</summary>
    public const string WorkerLost = "MB1052";

    /// <summary>The signature file cannot be read.</summary>
    public const string UnreadableSignature = "MB2001";

    /// <summary>A reference that the model class needs is missing.</summary>
    public const string MissingReference = "MB2002";

    /// <summary>Two signatures have the same class name.</summary>
    public const string DuplicateClass = "MB2003";

    /// <summary>A tensor has another name in C#.</summary>
    public const string NameMapped = "MB2004";

    /// <summary>A tensor has no typed member.</summary>
    public const string UntypedTensor = "MB2005";

    /// <summary>The C# language version is too old.</summary>
    public const string LanguageVersion = "MB2006";

    /// <summary>A name that the project sets is that of a member which every model class has.</summary>
    public const string ReservedName = "MB2008";

    /// <summary>The description of an input or output has a mistake, or does not fit the model.</summary>
    public const string Description = "MB2009";
}
