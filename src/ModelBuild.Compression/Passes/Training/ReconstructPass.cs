using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Reconstruction;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

internal sealed class ReconstructPass(ReconstructOptions options) : IPass
{
    private const int EvaluatedCalls = 16;

    public void Run(PassContext context)
    {
        if (context.Layers.Reference is not { } reference)
        {
            context.Report.Leave("all layers", "no step before this one has quantized a layer");
            return;
        }

        var samples =
            context.Calibration?.Fit
            ?? throw new CompressionException(
                Codes.CalibrationMissing,
                "The step 'reconstruct' needs the inputs themselves, which a calibration file does not keep: give CalibrationData, or leave this step out."
            );
        using var evaluator = new HeldOutEvaluator(context with { Model = reference }, EvaluatedCalls);
        var before = evaluator.SqnrDb(context.Model);
        var plain = context.Model.Clone();
        var constants = new Reconstruction(samples, context.Calibration.Threads, context.CancellationToken).Run(
            context.Model,
            reference,
            options.Iterations,
            context.Preceding.Any(step => step.Definition.LeavesZeros)
        );
        var graph = new Graph(context.Model);
        foreach (var tensor in constants)
            BranchConstants.ScopeOf(graph, tensor.Name)!.ReplaceConstant(tensor.Name, tensor.Clone());
        context.Layers.Clear();
        var after = evaluator.SqnrDb(context.Model);
        Reconstruction.Log($"total {before:0.0} → {after:0.0}");
        if (after < before)
        {
            context.Model.ReplaceWith(plain);
            context.Report.Leave("all layers", "the codes before the step have a smaller error on held-out samples");
        }
    }
}
