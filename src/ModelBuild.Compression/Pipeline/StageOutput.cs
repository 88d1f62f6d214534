using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Partition;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Replaces the model in the workspace by its stages, and verifies that they have the same outputs.</summary>
internal sealed class StageOutput(OriginalModel original, OutputWorkspace workspace, CancellationToken cancellationToken)
{
    /// <summary>Cuts the model in the workspace into a number of stages.</summary>
    /// <param name="stages">The number of stages.</param>
    /// <param name="samples">The samples to verify the stages on; null to verify nothing.</param>
    /// <param name="typical">Samples to count the work of the stages for, where nothing is verified; null for none.</param>
    /// <exception cref="CompressionException">MB1026: the model cannot be cut into so many stages, or the stages have other outputs than the model.</exception>
    public PartitionFacts Replace(int stages, ISampleSource? samples, ISampleSource? typical)
    {
        var paths = StageFiles.Of(workspace.ModelPath, stages);
        var facts = Cut(paths, samples ?? typical);
        LargeModels.CollectAfterRelease(original.Bytes);
        var report = samples is null ? null : Run(paths, samples);
        var fidelity = report is null ? [] : Judge(report, stages);
        foreach (var file in workspace.Files.Except(paths.Concat(paths.Select(path => path + OnnxModel.ExternalDataSuffix))).ToArray())
            File.Delete(file);
        return new PartitionFacts(facts, report is null ? null : new VerificationFacts(report), fidelity);
    }

    private StageFacts[] Cut(IReadOnlyList<string> paths, ISampleSource? samples)
    {
        var model = OnnxModel.Load(workspace.ModelPath, cancellationToken: cancellationToken);
        var (signature, whole) = (SignatureReader.Read(model).Hash(), ContentHash.Of(workspace.Files));
        var sample = samples?.Read(cancellationToken).FirstOrDefault()?.Shapes();
        var stages = Partitioner.Cut(model, paths.Count, sample, cancellationToken);
        foreach (var (index, (stage, path)) in stages.Zip(paths).Index())
        {
            stage.Model.SetMetadata(ModelSignature.MetadataKey, SignatureReader.Read(stage.Model).Hash());
            stage.Model.SetMetadata(StageMetadata.NumberKey, $"{index + 1}/{paths.Count}");
            stage.Model.SetMetadata(StageMetadata.SignatureKey, signature);
            stage.Model.SetMetadata(StageMetadata.WholeKey, whole);
            IntegerArithmetic.Describe(stage.Model);
            stage.Model.Save(path, cancellationToken: cancellationToken);
        }

        model.ReleaseWeights();
        return
        [
            .. stages.Zip(
                paths,
                (stage, path) => new StageFacts(stage.Nodes, stage.MultiplyAdds, workspace.Bytes(path), stage.CrossingBytes, stage.Inputs, stage.Outputs)
            ),
        ];
    }

    private FidelityReport Run(IReadOnlyList<string> paths, ISampleSource samples)
    {
        try
        {
            return StageVerification.Compare(
                workspace.ModelPath,
                paths,
                samples,
                original.Target.IsProcessor ? Sessions.Open : AcceleratorArithmetic.Open,
                cancellationToken
            );
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(
                Codes.Stages,
                $"The model cannot be cut into {paths.Count} stages: ONNX Runtime cannot run one of them: {Sessions.Reason(exception)}",
                inner: exception
            );
        }
    }

    private static IReadOnlyList<FidelityFacts> Judge(FidelityReport report, int stages)
    {
        var verdicts = new OutputVerifier(StageVerification.Budget).Verify(report, isPrecise: true);
        return verdicts.FirstOrDefault(verdict => !verdict.Passed) is { } missed
            ? throw new CompressionException(
                Codes.Stages,
                $"The outputs of the model's {stages} stages differ from those of the whole model: output '{missed.Fidelity.Output}': {missed.Measured}, "
                    + $"beyond {missed.Budget}. Ask for another number of Stages."
            )
            : [.. verdicts.Select(FidelityFacts.Of)];
    }
}
