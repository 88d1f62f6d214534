namespace ModelBuild.Compression.Training.TrainedFiles;

/// <summary>The JSON document in a trained file: the origin of the values, the figures that were reached with them, and the steps.</summary>
/// <param name="Schema">The number of the format.</param>
/// <param name="ModelBuild">The version of ModelBuild that wrote the file.</param>
/// <param name="Origin">The origin of the values: the model, the data and the options of the training.</param>
/// <param name="Figures">The fidelity of the outputs after the recipe, in words; empty if it was not measured.</param>
/// <param name="Steps">The training steps, in the order of the recipe.</param>
internal sealed record TrainedDocument(int Schema, string ModelBuild, TrainingOrigin Origin, IReadOnlyList<string> Figures, IReadOnlyList<StoredStep> Steps)
{
    /// <summary>The format version that this version of ModelBuild writes. Other formats are refused.</summary>
    public const int CurrentSchema = 1;
}
