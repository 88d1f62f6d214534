namespace ModelBuild.Compression.Training.TrainedFiles;

/// <summary>The origin of trained values: the model, the data and the options of the training.</summary>
/// <param name="Model">The model before the recipe.</param>
/// <param name="Recipe">The recipe in its one-line form, which has every option that is not at its default.</param>
/// <param name="RecipeFiles">The files that steps of the recipe read.</param>
/// <param name="TrainingData">The training data; empty if the calibration data was used.</param>
/// <param name="ValidationData">The validation data; empty if a part of the training data was held out.</param>
/// <param name="CalibrationData">The calibration data of the other steps.</param>
internal sealed record TrainingOrigin(
    FileHash Model,
    string Recipe,
    IReadOnlyList<FileHash> RecipeFiles,
    IReadOnlyList<FileHash> TrainingData,
    IReadOnlyList<FileHash> ValidationData,
    IReadOnlyList<FileHash> CalibrationData
);
