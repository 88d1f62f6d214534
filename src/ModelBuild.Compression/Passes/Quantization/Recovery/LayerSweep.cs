using System.Collections.Concurrent;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Search;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Applies solvers to the quantized layers in topological order.</summary>
internal sealed class LayerSweep(PassContext context, IReadOnlyList<ILayerSolver> solvers)
{
    // The number of held-out calls on which the model is compared before and after the sweep over the layers.
    private const int EvaluatedCalls = 16;

    /// <summary>Solves all layers. If the error on held-out samples increases, all changes are undone.</summary>
    /// <exception cref="CompressionException">MB1023: there are no samples.</exception>
    public void Run()
    {
        var layers = context.Layers.All;
        if (layers.Count == 0)
        {
            context.Report.Leave("all layers", "no step before this one has quantized a layer");
            return;
        }

        var samples =
            context.Calibration?.Fit
            ?? throw new CompressionException(
                Codes.CalibrationMissing,
                "Steps that recover accuracy layer by layer (least-squares, gptq, adaround, clip-weights, bias-correction) need the inputs "
                    + "themselves, which a calibration file does not keep: give CalibrationData, or leave these steps out."
            );
        UnsolvedLayers.Report(context);
        using var evaluator = new HeldOutEvaluator(context with { Model = context.Layers.Reference! }, EvaluatedCalls);
        var before = evaluator.SqnrDb(context.Model);
        var plain = context.Model.Clone();
        using var answers = new RowAnswers();
        var solver = new BlockwiseSolver(solvers, answers, BlockSize.Default, context.Calibration.Threads);
        var kept = new ConcurrentDictionary<QuantizedLayer, int>();
        using (new MemoryScope(layers.Sum(layer => (long)layer.Count)))
            new WavefrontSweep(context.ForSweep(), context.Layers.Reference!, samples, RowBudget.Recovery).Sweep(
                layers,
                (layer, group, moments) =>
                {
                    var accepted = solver.Solve(layer, group, moments, context.CancellationToken);
                    kept.AddOrUpdate(layer, accepted, (_, others) => others + accepted);
                }
            );
        if (evaluator.SqnrDb(context.Model) < before)
        {
            context.Model.ReplaceWith(plain);
            context.Layers.Clear();
            context.Report.Leave("all layers", "rounding to nearest has a smaller error on held-out samples");
            context.Work.Report("the solved weights are dropped: rounding to nearest has a smaller error on held-out samples");
            return;
        }

        foreach (var layer in layers.Where(layer => kept.GetValueOrDefault(layer) == 0))
            context.Report.Leave(layer.Source.Name, "rounding to nearest has a smaller error on held-out rows");
        var solved = layers.Count(layer => kept.GetValueOrDefault(layer) > 0);
        context.Report.Changed("layers solved", solved);
        var others = solved < layers.Count ? "; the others have a smaller error on held-out rows as they were rounded" : "";
        context.Work.Report($"solved {solved} of {layers.Count} layers{others}");
    }
}
