using System.Collections.Concurrent;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Search;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Applies solvers to the quantized layers in topological order.</summary>
internal sealed class LayerSweep(PassContext context, IReadOnlyList<ILayerSolver> solvers)
{
    // The number of held-out calls is enough to compare two models.
    private const int JudgedCalls = 16;

    /// <summary>Solves all layers. Changes that increase the error on held-out samples are undone.</summary>
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
        using var judge = new HeldOutJudge(context with { Model = context.Layers.Reference! }, JudgedCalls);
        // Both models then read their weights from the same mapped file.
        LargeModels.Park(context.Model);
        var before = judge.SqnrDb(context.Model);
        var plain = context.Model.Clone();
        using var answers = new RowAnswers();
        var solver = new BlockwiseSolver(solvers, answers, BlockSize.Default, context.Calibration.Threads);
        var kept = new ConcurrentDictionary<QuantizedLayer, int>();
        new WavefrontSweep(context.ForSweep(), context.Layers.Reference!, samples, RowBudget.Recovery).Sweep(
            layers,
            (layer, group, moments) =>
            {
                var accepted = solver.Solve(layer, group, moments, context.CancellationToken);
                kept.AddOrUpdate(layer, accepted, (_, others) => others + accepted);
            }
        );
        LargeModels.LetGo(layers.Sum(layer => (long)layer.Count));
        if (judge.SqnrDb(context.Model) < before)
        {
            context.Model.TakeOver(plain);
            context.Layers.Clear();
            context.Report.Leave("all layers", "their plain rounding answers held-out samples better");
            context.Work.Report("what was solved is dropped: plain rounding answers held-out samples better");
            return;
        }

        foreach (var layer in layers.Where(layer => kept.GetValueOrDefault(layer) == 0))
            context.Report.Leave(layer.Source.Name, "its plain rounding answers held-out rows better");
        var solved = layers.Count(layer => kept.GetValueOrDefault(layer) > 0);
        context.Report.Changed("layers solved", solved);
        var others = solved < layers.Count ? "; the others answer held-out rows better as they were rounded" : "";
        context.Work.Report($"solved {solved} of {layers.Count} layers{others}");
    }
}
