using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Tuning;

namespace ModelBuild.Cli.Tuning;

/// <summary>Represents the facts that a study depends on. Results of another model, other data or another version are not comparable.</summary>
/// <param name="Version">The version of ModelBuild.</param>
/// <param name="ModelHash">The SHA-256 of the model's files.</param>
/// <param name="DataHash">The SHA-256 of the data, of the training data and of the validation data.</param>
/// <param name="Limits">The limits of fidelity, the target, and the steps that recipes may have.</param>
/// <param name="OnnxRuntime">The version of ONNX Runtime.</param>
internal sealed record StudyFacts(string Version, string ModelHash, string DataHash, string Limits, string OnnxRuntime)
{
    /// <summary>Returns the facts of a study on this machine.</summary>
    /// <exception cref="CompressionException">This machine has no ONNX Runtime.</exception>
    public static StudyFacts Of(StudySettings settings, CancellationToken cancellationToken)
    {
        return new StudyFacts(
            EngineVersion.Text,
            ContentHash.OfModel(settings.Model, cancellationToken),
            string.Join(' ', new[] { settings.Data, settings.TrainingData, settings.ValidationData }.Select(ContentHash.Of)),
            $"{settings.Target} {settings.MaxAccuracyLoss} {settings.MinSqnr} {settings.Fidelity} {settings.Steps}",
            Sessions.RuntimeVersion()
        );
    }

    /// <summary>Returns the difference from other facts, in words; null if there is none.</summary>
    public string? Difference(StudyFacts other) =>
        ModelHash != other.ModelHash ? "it is about another model, or the model changed"
        : DataHash != other.DataHash ? "it has other data"
        : Limits != other.Limits ? "it has other limits of fidelity, other steps, or another target"
        : Version != other.Version ? $"it was made with ModelBuild {Version}"
        : OnnxRuntime != other.OnnxRuntime ? $"it was made with ONNX Runtime {OnnxRuntime} and not with {other.OnnxRuntime}"
        : null;
}
