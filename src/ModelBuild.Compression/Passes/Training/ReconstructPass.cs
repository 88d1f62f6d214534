using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Search;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Reconstruction;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// The step <c>reconstruct</c>: trains the rounding of quantized weights block by block. The result is kept if it reduces the error of the whole model on
/// held-out samples.
/// </summary>
/// <param name="options">The options of the step.</param>
internal sealed class ReconstructPass(ReconstructOptions options) : IPass
{
    // The number of held-out calls on which the model is compared before and after the step.
    private const int EvaluatedCalls = 16;

    public void Run(PassContext context)
    {
        if (options.Iterations < 1)
            throw new CompressionException(Codes.UnknownOption, "The option 'iterations' of 'reconstruct' must be 1 or more.");
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
        if ((TrainableModel.WhyNot(context.Model) ?? TrainableModel.WhyNot(reference)) is { } why)
        {
            context.Report.Leave("all layers", $"the model cannot be trained: {why}");
            return;
        }

        using var evaluator = new HeldOutEvaluator(context with { Model = reference }, EvaluatedCalls);
        var result = new Reconstruction(samples, context.Calibration.Threads, context.Work, context.CancellationToken).Run(
            context.Model,
            reference,
            Values,
            options.Iterations,
            context.Preceding.Any(step => step.Definition.LeavesZeros)
        );
        if (result.WhyNot is { } whyNot)
        {
            context.Report.Leave("all layers", whyNot);
            return;
        }

        var before = evaluator.SqnrDb(context.Model);
        var plain = context.Model.Clone();
        Write(context.Model, result.Constants);
        if (evaluator.SqnrDb(context.Model) < before)
        {
            context.Model.ReplaceWith(plain);
            context.Report.Leave("all layers", "the codes before the step have a smaller error on held-out samples");
            return;
        }

        // The recorded layers of earlier steps are removed: they contain codes that this step has replaced, so later steps must not use them.
        context.Layers.Clear();
        context.Report.Changed("blocks reconstructed", result.Kept);
    }

    // Returns the values that the step trains. Of the float32 values, only biases are trained, which have one dimension.
    private IReadOnlyList<TrainedValue> Values(TrainableModel model) =>
        [
            .. new TrainedLayers(model.Model, new TrainingOptions { Exclude = options.Exclude })
                .Selected(model.Values())
                .Where(value => value is not PlainValue || value.Input.Shape.Length == 1),
        ];

    private static void Write(OnnxModel model, IReadOnlyList<TensorProto> constants)
    {
        var graph = new Graph(model);
        foreach (var tensor in constants)
            BranchConstants.ScopeOf(graph, tensor.Name)!.ReplaceConstant(tensor.Name, tensor.Clone());
    }
}
