using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.TrainedFiles;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The trained values of a request that can be used, or the reason why they cannot.</summary>
/// <param name="Steps">The values of the training steps; null if there is no file, or if it is stale.</param>
/// <param name="WhyNot">The reason why the values of a file are not used; null if they are used, and if there is no file.</param>
/// <param name="ChangedData">The names of the settings whose data is not that of the training.</param>
internal sealed record StoredTraining(IReadOnlyList<TrainedStep>? Steps, string? WhyNot, IReadOnlyList<string> ChangedData)
{
    /// <summary>Reads the trained file of a request, and compares it with the model, the recipe and the data.</summary>
    /// <param name="request">The request.</param>
    /// <param name="modelFiles">The model's file, then its external data.</param>
    public static StoredTraining Read(CompressionRequest request, IReadOnlyList<string> modelFiles)
    {
        if (!request.Recipe.Trains || request.TrainedFile is not { } path || !File.Exists(path))
            return new StoredTraining(null, null, []);
        try
        {
            var (document, steps) = TrainedFile.Read(path);
            return WhyStale(document.Origin, request, modelFiles) is { } why
                ? new StoredTraining(null, why, [])
                : new StoredTraining(steps, null, [.. FindChangedData(document.Origin, request)]);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new StoredTraining(null, $"the file cannot be used: {exception.Message.TrimEnd('.')}", []);
        }
    }

    /// <summary>Throws if the recipe of a request trains, but there are no trained values and training is not allowed.</summary>
    /// <exception cref="CompressionException">MB1043: there are no trained values. MB1044: they are stale.</exception>
    public void Check(CompressionRequest request)
    {
        if (Steps is not null || request.Train)
            return;
        if (WhyNot is { } why)
            throw Stale(request, why);
        throw new CompressionException(
            Codes.TrainingNeeded,
            $"The recipe '{request.Recipe}' trains the model, and there are no trained values"
                + (request.TrainedFile is { } path ? $": the file '{Path.GetFileName(path)}' does not exist. " : ". ")
                + $"Run '{request.TrainCommand}' where the training data is, or set ModelBuildTrain=true to train in the build."
        );
    }

    /// <summary>Returns the error about trained values that are stale.</summary>
    public static CompressionException Stale(CompressionRequest request, string why) =>
        new(Codes.TrainedValuesStale, $"The trained values are stale, because {why}. Renew them with '{request.TrainCommand}'.", request.TrainedFile);

    /// <summary>Writes the values of the training steps of a request to <see cref="CompressionRequest.KeepTrained"/>, if it names a file.</summary>
    /// <param name="request">The request.</param>
    /// <param name="modelFiles">The model's file, then its external data.</param>
    /// <param name="steps">The results of the training steps.</param>
    /// <param name="figures">The fidelity of the outputs after the recipe, in words; empty if it was not measured.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>Whether a file was written.</returns>
    public static bool Keep(
        CompressionRequest request,
        IReadOnlyList<string> modelFiles,
        IReadOnlyList<TrainedStep> steps,
        IReadOnlyList<string> figures,
        CancellationToken cancellationToken
    )
    {
        if (request.KeepTrained is not { } path || steps.Count == 0)
            return false;
        var origin = new TrainingOrigin(
            FileHash.OfModel(modelFiles),
            request.Recipe.ToString(),
            FileHash.Of(request.RecipeFiles),
            FileHash.Of(request.TrainingData),
            FileHash.Of(request.ValidationData),
            FileHash.Of(request.CalibrationData)
        );
        TrainedFile.Write(path, EngineVersion.Text, origin, figures, steps, cancellationToken);
        return true;
    }

    private static string? WhyStale(TrainingOrigin origin, CompressionRequest request, IReadOnlyList<string> modelFiles)
    {
        if (origin.Model.Sha256 != FileHash.OfModel(modelFiles).Sha256)
            return $"they belong to another model ('{origin.Model.File}'), or to this one before it changed";
        if (origin.Recipe != request.Recipe.ToString())
            return $"they were trained with the recipe '{origin.Recipe}', and the recipe is '{request.Recipe}'";
        return FileHash.AreEqual(origin.RecipeFiles, FileHash.Of(request.RecipeFiles)) ? null : "a file that the recipe reads changed";
    }

    // Returns the data that changed since the training. Without the data, no change is reported, because the data cannot be compared.
    private static IEnumerable<string> FindChangedData(TrainingOrigin origin, CompressionRequest request)
    {
        if (request.TrainingData.Count > 0 && !FileHash.AreEqual(origin.TrainingData, FileHash.Of(request.TrainingData)))
            yield return SettingNames.TrainingData;
        if (request.ValidationData.Count > 0 && !FileHash.AreEqual(origin.ValidationData, FileHash.Of(request.ValidationData)))
            yield return SettingNames.ValidationData;
        if (request.CalibrationData.Count > 0 && !FileHash.AreEqual(origin.CalibrationData, FileHash.Of(request.CalibrationData)))
            yield return SettingNames.CalibrationData;
    }
}
