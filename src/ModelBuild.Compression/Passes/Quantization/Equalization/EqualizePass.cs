using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Options;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// The step <c>equalize</c>: cross-layer equalization (Nagel et al. 2019, arXiv 1906.04721, section 4.1). The channels of a layer are divided by factors, and
/// the weights of the next layer that read them are multiplied by the same factors, so that one scale fits all of them better. The model computes the same up
/// to rounding. With held-out samples, a pair of layers gets factors only if they reduce the error of the quantized layers.
/// </summary>
internal sealed class EqualizePass(EqualizeOptions options) : IPass
{
    public void Run(PassContext context)
    {
        var byActivations = options.By == EqualizeBy.Activations || options.By == EqualizeBy.Auto && context.Calibration?.Fit is not null;
        if ((byActivations || options.Absorb) && context.Calibration is null)
            throw new CompressionException(
                Codes.CalibrationMissing,
                "The step 'equalize' by activations, or with absorb, needs real inputs to measure the ranges of channels: "
                    + "give CalibrationData (a few hundred typical inputs as .npz, .npy or .pb), or use 'equalize(by=weights)'."
            );
        var shapes = new FlattenedShapes(context.Model);
        var exclude = new NamePatterns(options.Exclude);
        foreach (var scope in new Graph(context.Model).SelfAndSubgraphs())
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var found = new SeamFinder(scope, shapes, exclude).Find(context.Report);
            if (options.Absorb && scope.Parent is null)
                Absorb(context, scope, found);
            var equalized = byActivations ? ByActivations(context, scope, found) : ByWeights(context, scope, found);
            Write(scope, equalized);
            context.Report.Changed("pairs of layers equalized", equalized.Length);
        }
    }

    private Seam[] ByWeights(PassContext context, Graph scope, IReadOnlyList<Seam> seams)
    {
        Seam[] free = [.. seams.Where(seam => seam.Clip is null || options.Relu6 == Relu6Handling.Relax)];
        foreach (var seam in seams.Except(free))
            Leave(context, seam, "a Clip follows, whose bounds do not fit scaled channels");
        if (Judges(context))
            return Observed(context, scope, free, (kept, _) => WeightFactors.Equalize(kept));
        WeightFactors.Equalize(free);
        return free;
    }

    private Seam[] ByActivations(PassContext context, Graph scope, IReadOnlyList<Seam> seams) =>
        Observed(
            context,
            scope,
            seams,
            (kept, statistics) =>
            {
                foreach (var seam in kept)
                    ActivationFactors.Equalize(seam, statistics[seam.Activation], options.Alpha, keepsClip: options.Relu6 == Relu6Handling.Keep);
            }
        );

    private Seam[] Observed(
        PassContext context,
        Graph scope,
        IReadOnlyList<Seam> seams,
        Action<IReadOnlyList<Seam>, IReadOnlyDictionary<string, TensorStatistics>> equalize
    )
    {
        if (scope.Parent is not null)
        {
            foreach (var seam in seams)
                Leave(context, seam, "it is in a subgraph, whose values calibration does not measure");
            return [];
        }

        var statistics = Collect(context, seams, seam => seam.Activation);
        Seam[] known = [.. seams.Where(seam => statistics.TryGetValue(seam.Activation, out var of) && of.ChannelMax?.Length == seam.Channels)];
        foreach (var seam in seams.Except(known))
            Leave(context, seam, "there are no statistics of its channels");
        if (Judges(context))
            return SeamChoice.Best(context, known, statistics, kept => equalize(kept, statistics), options.Relu6);
        equalize(known, statistics);
        return known;
    }

    // Returns whether factors are compared on held-out samples. A calibration file has no samples for this comparison.
    private static bool Judges(PassContext context) => !context.IsInList && context.Calibration?.HeldOut is not null;

    private static void Absorb(PassContext context, Graph scope, IReadOnlyList<Seam> seams)
    {
        Seam[] fitting = [.. seams.Where(seam => BiasAbsorption.Fits(scope, seam))];
        var statistics = Collect(context, fitting, seam => seam.ReluInput!);
        var absorbed = fitting.Count(seam =>
            statistics.TryGetValue(seam.ReluInput!, out var known) && known.ChannelMin?.Length == seam.Channels && BiasAbsorption.Absorb(scope, seam, known)
        );
        context.Report.Changed("biases absorbed", absorbed);
    }

    private static IReadOnlyDictionary<string, TensorStatistics> Collect(PassContext context, IReadOnlyList<Seam> seams, Func<Seam, string> value)
    {
        if (seams.Count == 0)
            return new Dictionary<string, TensorStatistics>();
        var axes = seams.ToDictionary(value, seam => seam.Producer.Spatial > 0 ? 1 : -1, StringComparer.Ordinal);
        return context.Calibration!.Collect(context.Model, new StatisticsRequest(axes.Keys, Histograms: false, axes), context.CancellationToken);
    }

    private void Write(Graph scope, Seam[] seams)
    {
        foreach (var seam in seams)
        {
            if (seam.Clip is { } clip && options.Relu6 == Relu6Handling.Relax)
                scope.Replace(clip, Nodes.Create("Relu", [clip.Input[0]], [clip.Output[0]], clip.Name));
            foreach (var (node, index) in seam.Additions)
                ChannelConstant.Divide(scope, node, index, seam.Producer.OutputFactors, seam.Producer.Spatial);
        }

        foreach (var layer in seams.SelectMany(seam => new[] { seam.Producer, seam.Consumer }).Distinct())
            layer.Write(scope);
    }

    private static void Leave(PassContext context, Seam seam, string why) => context.Report.Leave(NodeLabel.Of(seam.Producer.Node), why);
}
