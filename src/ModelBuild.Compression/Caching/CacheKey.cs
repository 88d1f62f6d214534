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
/// Everything that a result depends on, as one hash: the bytes of the model, of its external data and of the calibration data or file, and of what steps read; recipe, budget and target; ModelBuild
/// and ONNX Runtime. Names and times do not count, so a renamed, touched or copied model is known.
/// </summary>
internal static class CacheKey
{
    /// <summary>The key, in lower-case hexadecimal.</summary>
    /// <param name="request">What is to be done.</param>
    /// <param name="externalFiles">The model's external data.</param>
    /// <exception cref="CompressionException">MB1016: ONNX Runtime does not load; MB1019: calibration data cannot be read.</exception>
    public static string Of(CompressionRequest request, IReadOnlyList<string> externalFiles)
    {
        var text = new StringBuilder();
        Add(text, "engine", EngineVersion.Text, typeof(CacheKey).Module.ModuleVersionId.ToString(), typeof(Onnx.OnnxModel).Module.ModuleVersionId.ToString());
        Add(text, "onnxruntime", Sessions.RuntimeVersion());
        // Not the one-line form: an excluded name may hold anything, a comma and an option's name too.
        Add(text, "recipe", request.Recipe.Steps.Count == 0 ? request.Recipe.Name : RecipeFile.ToJson(request.Recipe));
        Add(text, "target", request.Target);
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
        // Test data says by its name which input it is, and by its folder which call.
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
        foreach (var file in request.RecipeFiles)
            Add(text, "recipe file", HashOfData(file));
        if (request.CalibrationFile is { } calibration)
            Add(text, "calibration file", HashOfData(calibration));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
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
