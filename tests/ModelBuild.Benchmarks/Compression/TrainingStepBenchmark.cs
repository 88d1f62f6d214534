using System.Globalization;
using ModelBuild.Benchmarks.Models;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>
/// Measures a training step, with the gradients of all weights and Adam, as a multiple of a forward pass with the same loss, batch and threads. The loss
/// compares the outputs with zeros.
/// </summary>
internal static class TrainingStepBenchmark
{
    private const int Rows = 32;
    private const int SequenceLength = 64;
    private const double Seconds = 20;

    /// <summary>Prints the table.</summary>
    public static void Run(TextWriter output)
    {
        output.WriteLine("| model, batch of 32 | forward pass, ms | gradients | step |");
        output.WriteLine("|---|---:|---:|---:|");
        foreach (var name in new[] { "litenet-conv", "fashion-resnet", "fashion-mobilenet" })
            output.WriteLine(Row(name, OnnxModel.Load(CorpusModel.Litenet.Single(model => model.ShortName == name).FullPath)));
        output.WriteLine(Row($"two layers of BERT-base, {SequenceLength} tokens", (BertShaped.Base with { Layers = 2 }).Build()));
    }

    private static string Row(string name, OnnxModel model)
    {
        var samples = new SyntheticInputs(model, SignatureReader.Read(model), DynamicDimensions.Guesses[0]);
        var opened = TrainableModel.Open(model, samples, keepsZeros: false, CancellationToken.None);
        var shapes = SignatureReader
            .Read(opened.Model)
            .Inputs.ToDictionary(
                input => input.Name,
                input => input.Shape!.Select((size, axis) => axis == 0 ? Rows : size.Size ?? SequenceLength).ToArray(),
                StringComparer.Ordinal
            );
        var values = opened.Values();
        foreach (var value in values)
            value.Compute();
        Parameter[] parameters = [.. values.Select(value => value.Input)];
        var end = opened.Model.Proto.Graph.Output[0].Name;
        var loss = new SquaredErrorLoss(end, end, weight: 1);
        using var forward = Open(GradientKind.None);
        using var backward = Open(GradientKind.Parameters);
        TrainingSession Open(GradientKind kind) => new(TrainingGraph.Build(opened.Model, shapes, parameters, loss, kind), Environment.ProcessorCount);
        TrainedValue[] trained = [.. values.Where(value => backward.Graph.Parameters.Any(pair => pair.Parameter == value.Input))];
        // The learning rate is so small that the weights do not change.
        var state = new TrainingState(trained, new TrainingOptions(), settings: null, scale: null, rate: 1e-12);
        var figures = Interleaved.Measure(
            [
                ("forward", () => forward.Run()),
                ("gradients", () => backward.Run()),
                (
                    "step",
                    () =>
                    {
                        backward.Run();
                        state.CollectGradients();
                        state.ClipGradients();
                        state.Advance(loss: 0, steps: int.MaxValue);
                    }
                ),
            ],
            Seconds
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {figures[0].Nanoseconds / 1e6:0.0} | {figures[1].Ratio:0.00} | {figures[2].Ratio:0.00} |"
        );
    }
}
