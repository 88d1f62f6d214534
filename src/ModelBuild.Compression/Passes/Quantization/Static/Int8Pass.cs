using ModelBuild.Compression.Calibration.Ranges;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The step <c>int8</c> with a calibration method: static quantization (Jacob et al. 2018, arXiv 1712.05877) in ONNX's QDQ form. The pass chooses the nodes
/// that compute in integers (<see cref="Placement"/>), assigns ranges to values (<see cref="ActivationRanges"/>), writes the graph (<see
/// cref="QdqEmitter"/>), and checks which nodes ONNX Runtime fuses (<see cref="FusionCheck"/>). Nodes that are not fused are restored to float, because
/// conversions around them would only cost time. The weights of layers that compute in float are stored in int8. If no layer of the model can compute in
/// integers, only the weights are stored, which needs no data.
/// </summary>
internal sealed class Int8Pass(Int8Options options) : IPass
{
    // Each round restores nodes to float, so the loop ends by itself; more rounds than this mean that ONNX Runtime fuses nothing.
    private const int MaxRounds = 8;

    private const long FirstOpset = 10;

    public void Run(PassContext context)
    {
        NameNodes(context.Model);
        context.Layers.KeepReference(context.Model);
        var settings = LayerSettings.Parse(options, context.Target);
        if (context.Target is { IsProcessor: true, Costs: null } && !options.Everywhere)
            context.Report.Leave(
                "costs of operators",
                $"there is no measured table for {context.Target}: every node that can compute in integers does, also where that may cost more than it saves"
            );
        if (WhyNot(context) is { } why)
            Leave(context, why);
        else
            Quantize(context, context.Calibration ?? throw NeedsData(), settings);
        new Int8WeightsPass(new Int8WeightsOptions(options.PerChannel, options.Exclude)).Run(context);
    }

    /// <summary>Returns the error for a model without calibration data: ranges of random inputs would be wrong.</summary>
    public static CompressionException NeedsData() =>
        new(
            Codes.CalibrationMissing,
            "The step 'int8' needs real inputs to find the ranges of activations: give CalibrationData (a few hundred typical inputs as .npz, "
                + ".npy or .pb), or use 'int8-dynamic' or 'int8-weights', which need none."
        );

    /// <summary>Returns the reason why no node of the model can compute in integers with any data; null if a node may.</summary>
    public static string? WhyNot(PassContext context)
    {
        var main = new Graph(context.Model);
        var rules = new OperatorRules(main, context.Target);
        if (!main.Nodes.Any(node => rules.Role(node) == QuantizedRole.Layer && rules.WhyNotLayer(node) is null))
            return "nothing to quantize: the main graph has no layer with constant weights in float32";
        // Integer operators exist from opset 10 on, and with 8 bits throughout from opset 12 on; ONNX Runtime's own operators support a scale for each
        // channel.
        return LegacyOpsetUpgrade.WhyNot(main) is { } why && context.Model.Opset() < FirstOpset ? why : null;
    }

    private static void Leave(PassContext context, string why)
    {
        context.Report.Leave("all layers", why);
        var rules = new OperatorRules(new Graph(context.Model), context.Target);
        foreach (var node in context.Model.Proto.Graph.Node.Where(node => OperatorRules.IsLayer(node.OpType)))
            context.Report.Node(
                new NodeOutcome(
                    node.OpType,
                    node.Name,
                    NodeOutcome.Float,
                    rules.Role(node) == QuantizedRole.None ? $"{node.OpType} has no integer form" : rules.WhyNotLayer(node) ?? why
                )
            );
    }

    private void Quantize(PassContext context, ICalibrationContext calibration, Func<NodeProto, LayerSettings> settings)
    {
        var main = new Graph(context.Model);
        if (LegacyOpsetUpgrade.WhyNot(main) is null)
            LegacyOpsetUpgrade.Apply(main);
        var tensors = CallShapes.Describe(context.Model, calibration.Fit?.Read(context.CancellationToken).First().Shapes());
        var unfused = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; ; round++)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var attempt = new StaticQuantization(context.Model.Clone(), context.Target, settings, options.Everywhere);
            attempt.Place(tensors, unfused);
            attempt.Emit(Ranges(attempt, calibration, context));
            var refused = options.Everywhere ? [] : attempt.Unfused();
            if (refused.Count > 0 && round < MaxRounds)
            {
                unfused.UnionWith(refused);
                continue;
            }

            attempt.Report(context.Report);
            context.Model.TakeOver(attempt.Model);
            context.Layers.Add(attempt.Layers);
            break;
        }
    }

    private Func<string, ActivationForm, (float Min, float Max)> Ranges(StaticQuantization attempt, ICalibrationContext calibration, PassContext context)
    {
        var method = Enum.Parse<CalibrationMethod>(options.Calibration.ToString());
        var request = new StatisticsRequest(attempt.Sources, RangeSelector.NeedsHistogram(method), new Dictionary<string, int>());
        var statistics =
            attempt.Sources.Count == 0 ? new Dictionary<string, TensorStatistics>() : calibration.Collect(context.Model, request, context.CancellationToken);
        LargeModels.LetGo(context.Model.Proto.CalculateSize());
        return (source, form) => RangeSelector.Select(statistics[source], method, form.IsSymmetric, form.Levels);
    }

    // Attempts work on clones and identify nodes by name.
    private static void NameNodes(OnnxModel model)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in model.Proto.Graph.Node)
        {
            var name = NodeLabel.NewName(node);
            for (var i = 2; !taken.Add(name); i++)
                name = $"{node.OpType}_{node.Output.FirstOrDefault()}_{i}";
            node.Name = name;
        }
    }
}
