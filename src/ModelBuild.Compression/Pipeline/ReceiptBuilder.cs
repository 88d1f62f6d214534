using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Receipts;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Composes the receipt of a model.</summary>
/// <param name="request">The request that the build or the command made.</param>
/// <param name="original">The original's graph, without its weights.</param>
/// <param name="result">The graph of the deployed model, without its weights.</param>
/// <param name="kept">The candidate that is deployed, with the outcomes of its steps; null if the original is deployed.</param>
internal sealed class ReceiptBuilder(CompressionRequest request, OnnxModel original, OnnxModel result, VerifiedCandidate? kept)
{
    /// <summary>Returns the receipt of the model.</summary>
    /// <param name="originalFiles">The sizes of the original's files.</param>
    /// <param name="resultFiles">The sizes of the deployed files.</param>
    /// <param name="meter">Counted the original, and the model after each step.</param>
    /// <param name="attempts">The outcome of each candidate.</param>
    /// <param name="preprocessing">The preparation of images that is part of the result; null for none.</param>
    /// <param name="partition">The stages; null for none.</param>
    /// <param name="inspection">The layers and the graph of the result.</param>
    /// <param name="warnings">Warnings that no step reports.</param>
    public Receipt Build(
        FileFacts originalFiles,
        FileFacts resultFiles,
        CostMeter meter,
        IReadOnlyList<AttemptFacts> attempts,
        PreprocessingFacts? preprocessing,
        PartitionFacts? partition,
        InspectionFacts inspection,
        IEnumerable<Warning> warnings
    )
    {
        var steps = kept?.Steps ?? [];
        var before = originalFiles.With(meter.Original);
        var after = resultFiles.With(kept is null ? meter.Original : steps[^1].Cost!);
        var isDiskOnly = kept is not null && DiskGain.IsAll(before, after, original, result);
        return new Receipt
        {
            ModelBuild = EngineVersion.Text,
            Model = request.DisplayName,
            Use = request.Use,
            Target = request.Target.Name,
            Original = before,
            Compressed = after,
            GainsOnDiskOnly = isDiskOnly,
            InputShapes = meter.InputShapes,
            Recipe = new RecipeFacts(request.Recipe.Name, [.. steps.Select(step => step.Step)]),
            Steps = kept is null ? [] : StepFacts.Of(steps, meter.Original with { Bytes = before.Bytes }, resultFiles.Bytes),
            Attempts = isDiskOnly ? WithRemark(attempts) : attempts,
            Verification = kept is null ? null : new VerificationFacts(kept.Fidelity),
            Fidelity = [.. kept?.Verdicts.Select(FidelityFacts.Of) ?? []],
            Preprocessing = preprocessing,
            Partition = partition,
            Inspection = inspection,
            Warnings = [.. warnings, .. steps.SelectMany(step => step.Report.Warnings).Distinct()],
        };
    }

    // Adds a remark to the last attempt, whose result is deployed.
    private static AttemptFacts[] WithRemark(IReadOnlyList<AttemptFacts> attempts) =>
        [.. attempts.SkipLast(1), attempts[^1] with { Why = $"{attempts[^1].Why}; {DiskGain.Remark}" }];
}
