using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Options;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Pruning.Channels;

/// <summary>
/// The step <c>prune-channels</c>: removes whole channels of layers: units, attention heads, feature maps. <see cref="ChannelAnalysis"/> finds the channels
/// that can only be removed together, <see cref="Elimination"/> computes the error that their removal causes in the layers that read them, and <see
/// cref="PruningBudget"/> divides the savings among the layers. Then every layer behind a cut is solved again on the remaining channels (<see
/// cref="LayerRepair"/>).
/// </summary>
/// <param name="options">The options of the step.</param>
/// <param name="given">Gradients that another pass has computed; null to read them from the options' file.</param>
internal sealed class PruneChannelsPass(PruneChannelsOptions options, IWeightGradients? given = null) : IPass
{
    public void Run(PassContext context)
    {
        if (options.Ratio is not (> 0 and < 1))
            throw new CompressionException(
                Codes.UnknownOption,
                "The ratio of prune-channels is the share of channels to remove. It must be more than 0 and less than 1."
            );
        var samples = context.Calibration?.All;
        var gradients = given ?? (options.Gradients is { } file ? new GradientFile(file.In(context.Folder)) : null);
        var isTaylor = options.Importance == ChannelImportance.Taylor || (options.Importance == ChannelImportance.Auto && gradients is not null);
        if (isTaylor != gradients is not null)
            throw new CompressionException(
                Codes.UnknownOption,
                "The importance 'taylor' of prune-channels and its option 'gradients', an .npz with arrays named as the weights, must be set together."
            );
        if (samples is null && options.Importance is ChannelImportance.Energy or ChannelImportance.Elimination)
            throw new CompressionException(
                Codes.CalibrationMissing,
                $"The importance '{OptionValue.Format(options.Importance)}' needs the inputs themselves: give CalibrationData, or take 'l2'."
            );

        var main = new Graph(context.Model);
        OwnVectors.Unshare(main);
        Prune(context, main, isTaylor ? gradients : null);
        new InitializerSharing().Apply(main, context.CancellationToken);
    }

    private void Prune(PassContext context, Graph main, IWeightGradients? gradients)
    {
        var samples = context.Calibration?.All;
        var shapes = samples?.Read(context.CancellationToken).First().Shapes() ?? [];
        var analysis = ChannelAnalysis.Of(main, ShapeInference.DescribeOutputs(context.Model, shapes), context.CancellationToken);
        var groups = Groups(context, analysis);
        if (groups.Length == 0)
        {
            context.Report.Leave("all layers", "no channels can be removed");
            return;
        }

        var orders =
            gradients is not null ? new TaylorRanking(main, analysis, gradients, context.Report).Order(groups)
            : options.Importance is ChannelImportance.L1 or ChannelImportance.L2 || samples is null
                ? MagnitudeRanking.Order(main, analysis, groups, options.Importance == ChannelImportance.L1)
            : new ActivationRanking(context, main, analysis).Order(groups, options.Importance == ChannelImportance.Energy);
        var counts = Counts(main, analysis, orders, shapes);
        var cut = new ChannelCut(analysis, orders.SelectMany((order, i) => order.Order[..counts[i]]));
        var reference = context.Model.Clone();
        if (samples is null)
            ConstantParts.Keep(main, cut);
        cut.Apply(main);
        foreach (var (value, axis, channels) in analysis.Values)
            context.Kept.Add(value, axis, cut.Kept(channels), channels.Length);
        foreach (var (order, count) in orders.Zip(counts))
            context.Report.Changed($"of {order.Order.Length} channels of {order.Group.Name} removed", count);
        if (samples is null)
        {
            context.Report.Leave(
                "layers that read removed channels",
                "their weights are not fitted again without calibration data, so pruning loses much more accuracy"
            );
            context.Report.Warn(
                Codes.CalibrationWanted,
                "'prune-channels' ran without calibration data, so the layers that read removed channels were not fitted again. "
                    + "Most of the accuracy that pruning costs is lost for that reason. Give CalibrationData."
            );
        }
        else
        {
            LayerRepair.Run(context, LayersBehind(main, new Graph(reference), cut), reference, samples);
        }
    }

    private ChannelGroup[] Groups(PassContext context, ChannelAnalysis analysis)
    {
        var excluded = new NamePatterns(options.Exclude);
        return
        [
            .. ChannelGroup.Find(analysis, context.Report).Where(group => !group.Slots.Any(slot => slot.Role == SlotRole.Makes && excluded.Match(slot.Node))),
        ];
    }

    private int[] Counts(Graph main, ChannelAnalysis analysis, IReadOnlyList<RemovalOrder> orders, IReadOnlyDictionary<string, long[]> shapes)
    {
        var ratios = LayerRatios.Parse(options.Layers);
        if (!ratios.IsEmpty)
            return [.. orders.Select(order => ratios.Count(order, options.Multiple))];
        var work = LayerWork.Each(main.Model, shapes);
        var layers = main
            .Nodes.Where(node => work.ContainsKey(node.Output[0]) && main.IsConstant(node.InputAt(1)))
            .Select(node => new PrunedLayer(
                options.Of == PrunedWork.Parameters ? main.Constant(node.Input[1]).ElementCount() : work[node.Output[0]],
                analysis.Made(node),
                analysis.Read(node)
            ));
        return new PruningBudget([.. layers], analysis.Classes).Allocate(orders, options.Ratio, options.Multiple);
    }

    // Returns the layers to solve again: those from the first removed channel on. The inputs and outputs of earlier layers do not change.
    private static List<FloatLayer> LayersBehind(Graph main, Graph original, ChannelCut cut)
    {
        var layers = new List<FloatLayer>();
        var isBehind = false;
        foreach (var node in main.Nodes)
        {
            isBehind |= cut.Analysis.Read(node)?.All(cut.Keeps) == false;
            if (!isBehind || FloatLayer.TryCreate(main, node, original, out _) is not { } layer)
                continue;
            if (cut.Analysis.Made(node) is { } made)
                layer.SourceChannels = cut.Kept(made);
            layers.Add(layer);
        }

        return layers;
    }
}
