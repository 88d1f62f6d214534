using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Pipeline;

namespace ModelBuild.Compression.Passes.Quantization.Recovery;

/// <summary>
/// Goes through the quantized layers in the order in which data flows: measures what a layer sees in the quantized model as it is by then and what the original layer answered, solves it,
/// writes it back, and goes on. So each layer also makes good the errors of those before it.
/// </summary>
internal sealed class LayerSweep(PassContext context, IReadOnlyList<ILayerSolver> solvers)
{
    // Each stage runs the model anew up to its layers; beyond this many, neighbouring layers are measured together.
    private const int MaxStages = 32;
    private const int MinStages = 8;
    private const int MinCalls = 4;

    // A few hundred rows are what layers are fitted to; thousands change nothing but the time.
    private const int MaxCalls = 32;

    // Multiply-adds of a sweep, about a minute: for a large model on many samples, first fewer stages, then fewer samples.
    private const double MaxWork = 2e12;

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
        var (calls, stages) = Plan(samples);
        using var products = new MomentProducts();
        foreach (var stage in layers.Chunk((layers.Count + stages - 1) / stages))
            Solve(stage, samples.Read(context.CancellationToken).Take(calls), calls, products);
        context.Report.Changed("layers solved", layers.Count);
    }

    private (int Calls, int Stages) Plan(ISampleSource samples)
    {
        var calls = samples.Read(context.CancellationToken).Take(MaxCalls).Count();
        var shapes = samples.Read(context.CancellationToken).First().Shapes();
        var work = Math.Max(1, LayerWork.Total(context.Layers.Reference!, shapes));
        var stages = (int)Math.Clamp(MaxWork / (work * calls), MinStages, MaxStages);
        return (Math.Min(calls, (int)Math.Clamp(MaxWork / (work * stages), MinCalls, int.MaxValue)), stages);
    }

    private void Solve(QuantizedLayer[] stage, IEnumerable<Sample> samples, int calls, MomentProducts products)
    {
        using var measurement = new StageMeasurement(context, stage, calls, products);
        OrderedCalls.Run(samples.Select((sample, call) => (sample, call)), context.Calibration!.Threads, call => measurement.Run(call.sample, call.call), measurement.Add);
        var groups = stage.SelectMany((layer, i) => Enumerable.Range(0, layer.Groups).Select(group => (Layer: layer, Group: group, Moments: measurement.Moments(i, group))));
        var problems = groups.Where(part => part.Moments is not null).Select(part => (part.Layer, Part: new LayerGroup(part.Layer, part.Group, part.Moments!))).ToArray();
        Parallel.ForEach(problems, new ParallelOptions { MaxDegreeOfParallelism = context.Calibration!.Threads, CancellationToken = context.CancellationToken }, problem =>
        {
            foreach (var solver in solvers)
                solver.Solve(problem.Part.Problem, context.CancellationToken);
        });
        foreach (var (_, part) in problems)
            part.TakeBack();
        foreach (var layer in problems.Select(problem => problem.Layer).Distinct())
            layer.Write();
    }
}
