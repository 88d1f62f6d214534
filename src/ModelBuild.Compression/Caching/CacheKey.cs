using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Computes one hash of everything that a result depends on: the bytes of the model, its external data, the calibration data or file and the files that steps
/// read; the trained values and the data of training steps; the recipe, budget and target; and the versions of ModelBuild and ONNX Runtime. File names and
/// times do not count, so that a renamed or copied model has the same key.
/// </summary>
internal static class CacheKey
{
    /// <summary>Returns the cache key of a compression request, a hash in lower-case hexadecimal.</summary>
    /// <param name="request">The request.</param>
    /// <param name="externalFiles">The external data files of the model.</param>
    /// <exception cref="CompressionException">MB1016: ONNX Runtime does not load; MB1019: calibration data cannot be read.</exception>
    public static string Of(CompressionRequest request, IReadOnlyList<string> externalFiles)
    {
        var text = new StringBuilder();
        Add(text, "engine", EngineVersion.Text, typeof(CacheKey).Module.ModuleVersionId.ToString(), typeof(Onnx.OnnxModel).Module.ModuleVersionId.ToString());
        Add(text, "onnxruntime", Sessions.RuntimeVersion());
        // The key uses the JSON form of the recipe. Its text form is ambiguous, because the name of an excluded node may contain commas and names of options.
        Add(text, "recipe", request.Recipe.Steps.Count == 0 ? request.Recipe.Name : RecipeFile.ToJson(request.Recipe));
        Add(text, "target", request.Target.Name);
        Add(text, "stages", request.Stages.ToString(CultureInfo.InvariantCulture));
        Add(
            text,
            "budget",
            Number(request.Budget.MaxAccuracyLoss),
            request.Budget.MinSqnr is { } sqnr ? Number(sqnr) : "",
            request.MaxSize?.ToString(CultureInfo.InvariantCulture) ?? "",
            request.Verify ? "" : "not verified"
        );
        Add(text, "fidelity", request.Fidelity.Text);
        Add(text, "labels", request.LabelCount.ToString(CultureInfo.InvariantCulture));
        Add(text, "model", ContentHash.Of(request.ModelPath));
        foreach (var file in externalFiles)
            Add(text, "external", Path.GetFileName(file), ContentHash.Of(file));
        // For ONNX test data, the key contains the file name, which identifies the input of the model, and the number of the folder, which identifies the call.
        var folders = request.CalibrationData.Select(Path.GetDirectoryName).Distinct(StringComparer.Ordinal).ToList();
        foreach (var file in request.CalibrationData)
            Add(
                text,
                "calibration",
                Path.GetExtension(file).Equals(".pb", StringComparison.OrdinalIgnoreCase)
                    ? $"{folders.IndexOf(Path.GetDirectoryName(file))} {Path.GetFileName(file)}"
                    : Path.GetExtension(file),
                HashOfData(file)
            );
        // The descriptions of the inputs are a part of the key only if there are no calibration files, because synthetic inputs depend on the descriptions.
        // Data in files is prepared before.
        if (request.CalibrationData.Count == 0)
        {
            foreach (var description in request.Descriptions)
                Add(text, "description", description.Name, description.Text);
            if (request.Tokens is { } tokens)
                Add(text, "tokens", tokens.ToString());
        }
        if (request.Preprocess is { } preprocess)
        {
            Add(text, "preprocess", preprocess.Description?.Text ?? "");
            foreach (var file in preprocess.Pictures.Files)
                Add(text, "picture", HashOfData(file));
        }

        foreach (var file in request.RecipeFiles)
            Add(text, "recipe file", HashOfData(file));
        if (request.CalibrationFile is { } calibration)
            Add(text, "calibration file", HashOfData(calibration));
        if (request.Recipe.Trains)
            AddTraining(text, request);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void AddTraining(StringBuilder text, CompressionRequest request)
    {
        Add(text, "trained", request.TrainedFile is { } trained && File.Exists(trained) ? HashOfData(trained) : "");
        Add(text, "train", request.Train ? "allowed" : "");
        if (!request.Train)
            return;
        foreach (var file in request.TrainingData)
            Add(text, "training", Path.GetExtension(file), HashOfData(file));
        foreach (var file in request.ValidationData)
            Add(text, "validation", Path.GetExtension(file), HashOfData(file));
    }

    private static string HashOfData(string file)
    {
        try
        {
            return ContentHash.Of(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CompressionException(Codes.CalibrationData, $"The calibration data cannot be used: {exception.Message.TrimEnd('.')}.", file, exception);
        }
    }

    private static void Add(StringBuilder text, params string[] parts) => text.AppendJoin('\0', parts).Append('\n');

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
