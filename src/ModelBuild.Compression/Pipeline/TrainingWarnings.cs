using ModelBuild.Compression.Diagnostics;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Warns of trained values that are stale, and of data that changed since the training.</summary>
internal static class TrainingWarnings
{
    /// <summary>Returns the warnings about the trained values and the training data of a request that was carried out.</summary>
    public static IEnumerable<Warning> Of(CompressionRequest request)
    {
        if (!request.Recipe.Trains || request.TrainedFile is not { } path || !File.Exists(path))
            yield break;
        var name = Path.GetFileName(path);
        var model = OnnxModel.Load(request.ModelPath, new OnnxLoadOptions { SkipWeights = true });
        var stored = StoredTraining.Read(request, [request.ModelPath, .. model.ExternalFiles]);
        if (stored.WhyNot is { } why)
            yield return new Warning(
                Codes.TrainedValuesStale,
                $"The trained values of '{name}' were not used, because {why}. The model was trained again. Renew the file with '{request.TrainCommand}', "
                    + "or delete it."
            );
        if (stored.ChangedData.Count > 0)
            yield return new Warning(
                Codes.TrainedValuesStale,
                $"The trained values of '{name}' were used, but the files of {string.Join(" and ", stored.ChangedData)} are not those of the training. "
                    + $"Renew the values with '{request.TrainCommand}'."
            );
    }
}
