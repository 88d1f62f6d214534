using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Pipeline;

namespace ModelBuild.Compression.Caching;

/// <summary>
/// Everything that a result depends on, as one hash: the bytes of the model, of its external data and of the calibration data; recipe, budget and target; ModelBuild
/// and ONNX Runtime. Names and times do not count, so a renamed, touched or copied model is known.
/// </summary>
internal static class CacheKey
{
    /// <summary>The key, in lower-case hexadecimal.</summary>
    /// <param name="request">What is to be done.</param>
    /// <param name="externalFiles">The model's external data.</param>
    public static string Of(CompressionRequest request, IReadOnlyList<string> externalFiles)
    {
        var text = new StringBuilder();
        Add(text, "engine", EngineVersion.Text, typeof(CacheKey).Module.ModuleVersionId.ToString(), typeof(Onnx.OnnxModel).Module.ModuleVersionId.ToString());
        Add(text, "onnxruntime", OrtEnv.Instance().GetVersionString());
        Add(text, "recipe", request.Recipe.ToString());
        Add(text, "target", request.Target);
        Add(text, "budget", Number(request.Budget.MaxAccuracyLoss), Number(request.Budget.MinSqnr), request.MaxSize?.ToString(CultureInfo.InvariantCulture) ?? "");
        Add(text, "labels", request.LabelCount.ToString(CultureInfo.InvariantCulture));
        Add(text, "model", ContentHash.Of(request.ModelPath));
        foreach (var file in externalFiles)
            Add(text, "external", Path.GetFileName(file), ContentHash.Of(file));
        foreach (var file in request.CalibrationData)
            Add(text, "calibration", Path.GetExtension(file), ContentHash.Of(file));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Add(StringBuilder text, params string[] parts) => text.AppendJoin('\0', parts).Append('\n');

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
