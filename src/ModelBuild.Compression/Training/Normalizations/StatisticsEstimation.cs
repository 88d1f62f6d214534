using System.Globalization;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Explanation;
using ModelBuild.Compression.Training.Runs;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Normalizations;

/// <summary>
/// Estimates the mean and the variance of normalizations again, from the activations of training rows. The statistics of a layer depend on those before it,
/// so the rows pass through the model once for each depth. All new statistics are kept together if the loss on held-out rows is not larger.
/// </summary>
/// <param name="model">The model, prepared for training.</param>
/// <param name="parameters">The values of the model that training may have changed.</param>
/// <param name="measuring">Computes the loss on held-out rows. It reads the statistics as parameters.</param>
/// <param name="data">The rows.</param>
/// <param name="size">The number of rows of a batch.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class StatisticsEstimation(
    OnnxModel model,
    IReadOnlyList<Parameter> parameters,
    LossRuns measuring,
    TrainingSet data,
    int size,
    int threads,
    CancellationToken cancellationToken
)
{
    /// <summary>The largest number of training rows that are used. Each of them has many activations of most layers.</summary>
    public const int MaxRows = 2000;

    /// <summary>Estimates the statistics, and keeps them if the loss on held-out rows is not larger.</summary>
    /// <param name="layers">The layers, whose statistics are among the parameters.</param>
    /// <param name="loss">The loss on held-out rows before.</param>
    /// <param name="work">Receives the progress.</param>
    /// <returns>The loss of the kept values, and the facts.</returns>
    public (HeldOutLoss Loss, StatisticsReport Report) Run(NormalizationLayers layers, HeldOutLoss loss, WorkLog work)
    {
        if (layers.Estimated.Count == 0)
            return (loss, StatisticsReport.Nothing(layers.Left));
        var rows = Math.Min(MaxRows, data.TrainingRows);
        work.Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"estimating the statistics of {layers.Estimated.Count:N0} batch normalizations from {rows:N0} training rows"
            )
        );
        var first = layers.Statistics.ToDictionary(value => value, value => value.Free.Values.ToArray());
        foreach (var depth in layers.Estimated.GroupBy(layer => layer.Depth).OrderBy(depth => depth.Key))
            Estimate([.. depth]);
        var isFinite = layers.Statistics.All(value => Array.TrueForAll(value.Free.Values, float.IsFinite));
        var reached = isFinite ? HeldOutLoss.Measure(measuring, data, size, cancellationToken) : null;
        var isKept = reached is not null && (loss.Loss is null || reached.Loss <= loss.Loss);
        var report = new StatisticsReport(layers.Estimated.Count, isKept, rows, loss.Loss, Finite(reached?.Loss), layers.Left)
        {
            MeanShift = isFinite ? layers.Estimated.Max(layer => MeanShift(layer, first[layer.Mean], first[layer.Variance])) : null,
            VarianceFactor = isFinite ? layers.Estimated.Max(layer => VarianceFactor(layer, first[layer.Variance])) : null,
        };
        if (isKept)
            return (reached!, report);
        foreach (var value in layers.Statistics)
            first[value].CopyTo(value.Free.Values, 0);
        return (loss, report);
    }

    private void Estimate(NormalizationLayer[] layers)
    {
        var moments = Array.ConvertAll(layers, layer => new ChannelMoments(layer.Mean.Free.Values.Length));
        using var runs = new ForwardRuns(Current(), layers.Select(layer => layer.Input), threads);
        foreach (var batch in data.Sample(size, MaxRows))
        {
            var values = runs.Run(ForwardRuns.Inputs(batch), cancellationToken);
            foreach (var (layer, channels) in layers.Zip(moments))
                channels.Add(values[layer.Input]);
        }

        foreach (var (layer, channels) in layers.Zip(moments))
        {
            channels.Means().CopyTo(layer.Mean.Free.Values, 0);
            channels.Variances().CopyTo(layer.Variance.Free.Values, 0);
        }
    }

    // Returns a copy of the model with the current values of the parameters as constants.
    private OnnxModel Current()
    {
        var copy = model.Clone();
        var graph = new Graph(copy);
        foreach (var parameter in parameters)
            graph.ReplaceConstant(parameter.Name, Tensors.Create(parameter.Name, parameter.Shape, parameter.Values.ToArray()));
        return copy;
    }

    private static double MeanShift(NormalizationLayer layer, float[] means, float[] variances) =>
        layer
            .Mean.Free.Values.Select((mean, channel) => Math.Abs(mean - (double)means[channel]) / Math.Sqrt(Math.Max(0, variances[channel]) + layer.Epsilon))
            .DefaultIfEmpty()
            .Max();

    private static double VarianceFactor(NormalizationLayer layer, float[] variances) =>
        layer
            .Variance.Free.Values.Select((variance, channel) => (variance + (double)layer.Epsilon) / (Math.Max(0, variances[channel]) + layer.Epsilon))
            .Select(factor => Math.Max(factor, 1 / factor))
            .DefaultIfEmpty(1)
            .Max();

    // Returns a loss, or null if it is not finite, because JSON has no such number.
    private static double? Finite(double? loss) => loss is { } value && double.IsFinite(value) ? value : null;
}
