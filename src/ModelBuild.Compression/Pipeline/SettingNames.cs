namespace ModelBuild.Compression.Pipeline;

/// <summary>The names of the settings that may have no effect.</summary>
internal static class SettingNames
{
    /// <summary>The name of the setting for the recipe.</summary>
    public const string Compression = "Compression";

    /// <summary>The name of the setting for the calibration data.</summary>
    public const string CalibrationData = "CalibrationData";

    /// <summary>The name of the setting for the training data.</summary>
    public const string TrainingData = "TrainingData";

    /// <summary>The name of the setting for the validation data.</summary>
    public const string ValidationData = "ValidationData";

    /// <summary>The name of the setting for the file with trained values.</summary>
    public const string TrainedFile = "TrainedFile";

    /// <summary>The name of the program's option that keeps the trained values in a file.</summary>
    public const string KeepTrained = "--keep-trained";

    /// <summary>The name of the setting for the kinds of outputs.</summary>
    public const string Fidelity = "Fidelity";

    /// <summary>The name of the setting for the budget of class scores.</summary>
    public const string MaxAccuracyLoss = "MaxAccuracyLoss";

    /// <summary>The name of the setting for the budget of all other outputs.</summary>
    public const string MinSqnr = "MinSqnr";

    /// <summary>The names of the settings that only training steps use.</summary>
    public static IReadOnlyList<string> OfTraining { get; } = [TrainingData, ValidationData, TrainedFile, KeepTrained];
}
