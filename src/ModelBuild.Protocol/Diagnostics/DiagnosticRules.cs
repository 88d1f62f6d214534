using System.Reflection;

namespace ModelBuild.Protocol;

/// <summary>Lists all diagnostics. Tests compare the list with docs/diagnostics.md, and the diagnostics of the generator with its descriptors.</summary>
internal static class DiagnosticRules
{
    private static readonly string _documentation =
        typeof(DiagnosticRules).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(data => data.Key == "DocumentationUrl")?.Value ?? "";

    /// <summary>Gets the descriptions of all diagnostics in the order of their codes.</summary>
    public static IReadOnlyList<DiagnosticRule> All { get; } =
    [
        new(Codes.ModelMissing, Severities.Error, "The model does not exist"),
        new(Codes.GitLfsPointer, Severities.Error, "The file is a Git LFS pointer"),
        new(Codes.ModelUnreadable, Severities.Error, "The file is not a readable ONNX model"),
        new(Codes.ExternalData, Severities.Error, "External data is missing, too short, or outside the model's folder"),
        new(Codes.UnknownOption, Severities.Error, "A step, an option or a value is unknown"),
        new(Codes.ClassNameTaken, Severities.Error, "Two models have the same class name"),
        new(Codes.UnsupportedVersion, Severities.Error, "The model is written for a newer ONNX format"),
        new(Codes.FidelityMissed, Severities.Error, "An explicit recipe changes the outputs beyond the budget"),
        new(Codes.NotBuilt, Severities.Error, "The compressed model does not exist"),
        new(Codes.OriginalKept, Severities.Warning, "An explicit recipe makes the model smaller neither on disk nor zipped"),
        new(Codes.CacheDamaged, Severities.Warning, "A cache entry was damaged"),
        new(Codes.ProgramFailed, Severities.Error, "The program failed"),
        new(Codes.Cancelled, Severities.Message, "The build was cancelled"),
        new(Codes.HostMissing, Severities.Error, "No dotnet was found to run the program"),
        new(Codes.OnnxRuntimeMissing, Severities.Error | Severities.Warning | Severities.Message, "No ONNX Runtime was found among the packages"),
        new(Codes.ProviderElsewhere, Severities.Warning, "A provider does not exist on the project's platform"),
        new(Codes.SizeMissed, Severities.Error, "The result is larger than MaxSize"),
        new(Codes.CalibrationData, Severities.Error, "Calibration data is missing, unreadable, or does not fit the inputs"),
        new(Codes.Labels, Severities.Error | Severities.Warning, "Labels cannot be read"),
        new(Codes.OwnTargets, Severities.Warning, "The package has a buildTransitive/<id>.targets of its own"),
        new(Codes.DifferentModels, Severities.Error, "Target frameworks of one package have different models"),
        new(Codes.CalibrationMissing, Severities.Error, "A step needs real data"),
        new(Codes.WrongTarget, Severities.Warning, "A step has no benefit on a CPU"),
        new(Codes.CalibrationWanted, Severities.Warning, "A step ran without data, which costs much more accuracy"),
        new(Codes.Stages, Severities.Error, "The model cannot be cut into the number of Stages"),
        new(Codes.NativeClash, Severities.Warning, "Two packages contain a native ONNX Runtime of the same name"),
        new(Codes.States, Severities.Error, "State or Names does not fit the model"),
        new(Codes.RuntimeOptimizations, Severities.Warning, "ONNX Runtime's own graph optimizations change the outputs"),
        new(Codes.OldFramework, Severities.Error, "The project targets a framework older than net8.0"),
        new(Codes.OtherLanguage, Severities.Warning, "The project is not in C#"),
        new(Codes.UnknownMetadata, Severities.Warning | Severities.Message, "An OnnxModel item has metadata that is unknown or has no effect"),
        new(Codes.DeployedTwice, Severities.Warning | Severities.Message, "A model is deployed twice"),
        new(Codes.InternalClasses, Severities.Message, "All model classes of a library are internal"),
        new(Codes.DataNotUsed, Severities.Warning, "Calibration data contains arrays that the model does not use"),
        new(Codes.NoEffect, Severities.Warning, "A setting has no effect"),
        new(Codes.FewSamples, Severities.Warning, "There is so little calibration data that results are evaluated on the samples that they are fitted to"),
        new(Codes.HiddenRuntime, Severities.Warning, "A library's reference to ModelBuild hides the runtime from its users"),
        new(Codes.NativeMissing, Severities.Warning, "No package has ONNX Runtime's native library for the application's platform"),
        new(Codes.TrainingNeeded, Severities.Error, "A step of the recipe trains the model, and there are no trained values"),
        new(Codes.TrainedValuesStale, Severities.Error | Severities.Warning, "The trained values are damaged, or belong to another model or recipe"),
        new(Codes.TrainingDiverged, Severities.Error, "Training fails, because the loss is not finite"),
        new(Codes.DescriptionFile, Severities.Error, "A file that describes the inputs and outputs of a model cannot be read"),
        new(Codes.Preprocess, Severities.Error, "The preparation of images cannot become a part of the model"),
        new(Codes.MeasurementFailed, Severities.Error, "The process that measures a model crashed"),
        new(Codes.ReceiptMissing, Severities.Error, "A model has no receipt, or the receipt cannot be read"),
        new(Codes.RemoteCache, Severities.Warning, "The remote cache does not work, or an entry of it cannot be used"),
        new(Codes.AspNetCoreMissing, Severities.Error, "The ASP.NET Core runtime is missing"),
        new(Codes.WorkerLost, Severities.Error, "A worker of a training in several processes has ended, or has other files than worker 0"),
        new(Codes.UnreadableSignature, Severities.Error, "The signature file cannot be read"),
        new(Codes.MissingReference, Severities.Warning, "A reference that the model class needs is missing"),
        new(Codes.DuplicateClass, Severities.Error, "Two models have the same class name"),
        new(Codes.NameMapped, Severities.Message, "A tensor has another name in C#"),
        new(Codes.UntypedTensor, Severities.Warning, "A tensor has no typed member"),
        new(Codes.LanguageVersion, Severities.Error, "The C# language version is too old"),
        new(Codes.ReservedName, Severities.Error, "A name in Names is that of a member of every model class"),
        new(Codes.Description, Severities.Error, "A description does not fit the model"),
    ];

    /// <summary>Returns the address of a code's row in docs/diagnostics.md; null if this assembly was built without an address of its documents.</summary>
    public static string? HelpLink(string code) => HelpLink(code, _documentation);

    /// <summary>Returns the address of a code's row in documents at a given address.</summary>
    public static string? HelpLink(string code, string documentation) =>
        documentation.Length == 0 ? null : $"{documentation.TrimEnd('/')}/docs/diagnostics.md#{code.ToLowerInvariant()}";
}
