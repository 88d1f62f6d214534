namespace ModelBuild.Compression.Pipeline;

/// <summary>The names of the settings that may have no effect.</summary>
internal static class SettingNames
{
    /// <summary>The setting of the recipe.</summary>
    public const string Compression = "Compression";

    /// <summary>The setting of the calibration data.</summary>
    public const string CalibrationData = "CalibrationData";

    /// <summary>The setting of the training data.</summary>
    public const string TrainingData = "TrainingData";

    /// <summary>The setting of the validation data.</summary>
    public const string ValidationData = "ValidationData";

    /// <summary>The setting of the file with trained values.</summary>
    public const string TrainedFile = "TrainedFile";

    /// <summary>The option of the program that keeps the trained values.</summary>
    public const string KeepTrained = "--keep-trained";

    /// <summary>The setting of the kinds of outputs.</summary>
    public const string Fidelity = "Fidelity";

    /// <summary>The setting of the budget for class scores.</summary>
    public const string MaxAccuracyLoss = "MaxAccuracyLoss";

    /// <summary>The setting of the budget for all other outputs.</summary>
    public const string MinSqnr = "MinSqnr";

    /// <summary>The settings that only training steps use.</summary>
    public static IReadOnlyList<string> OfTraining { get; } = [TrainingData, ValidationData, TrainedFile, KeepTrained];
}
