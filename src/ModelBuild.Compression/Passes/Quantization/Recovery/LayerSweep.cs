using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Sweeps;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>Takes the quantized layers, in the order in which data flows, through solvers.</summary>
internal sealed class LayerSweep(PassContext context, IReadOnlyList<ILayerSolver> solvers)
{
    /// <summary>Solves all layers.</summary>
    /// <exception cref="CompressionException">MB1023: there are no samples.</exception>
    public void Run()
    {
        var layers = context.Layers.All;
        if (layers.Count == 0)
        {
            context.Report.Leave("all layers", "no step before this one has quantized a layer");
            return;
        }

        var samples = context.Calibration?.Fit ?? throw new CompressionException(
            Codes.CalibrationMissing,
            "Steps that recover accuracy layer by layer (least-squares, gptq, adaround, clip-weights, bias-correction) need the inputs themselves, which a calibration file does not keep: give CalibrationData, or leave these steps out.");
        new LayerStages(context, context.Layers.Reference!, samples).Sweep(layers, Solve);
        context.Report.Changed("layers solved", layers.Count);
        UnsolvedLayers.Report(context);
    }

    private void Solve(QuantizedLayer layer, int group, LayerMoments moments)
    {
        var part = new LayerGroup(layer, group, moments);
        foreach (var solver in solvers)
            solver.Solve(part.Problem, context.CancellationToken);
        part.TakeBack();
    }
}
