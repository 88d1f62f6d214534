using ModelBuild.Compression.Calibration.Ranges;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>
/// The step <c>int8</c> with a calibration method: static quantization (Jacob et al. 2018, arXiv 1712.05877) in ONNX's QDQ form. The pass chooses the nodes
/// that compute in integers (<see cref="Placement"/>), assigns ranges to values (<see cref="ActivationRanges"/>), writes the graph (<see
/// cref="QdqEmitter"/>), and checks which nodes ONNX Runtime fuses (<see cref="FusionCheck"/>). Nodes that are not fused are restored to float, because
/// conversions around them would only cost time. The step is completed by <c>int8-weights</c>, which stores the
/// weights of layers that compute in float. If no layer of the model can compute in integers, only the weights are stored, which needs no data.
/// </summary>
internal sealed class Int8Pass(Int8Options options) : IPass
{
    // The limit of rounds. Each round restores nodes to float, so the number of rounds is finite. If this limit is reached, the last result is kept.
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
                $"there is no measured cost table for {context.Target}, so every node that can compute in integers does so, even where that may "
                    + $"cost more than it saves"
            );
        if (WhyNot(context) is { } why)
            Leave(context, why);
        else
            Quantize(context, context.Calibration ?? throw NeedsData(), settings);
    }

    /// <summary>Creates the error for a model without calibration data. Ranges from random inputs would be wrong.</summary>
    public static CompressionException NeedsData() =>
        new(
            Codes.CalibrationMissing,
            "The step 'int8' needs real inputs to find the ranges of activations: give CalibrationData (a few hundred typical inputs as .npz, "
                + ".npy or .pb), or use 'int8-dynamic' or 'int8-weights', which need no data."
        );

    /// <summary>Returns the reason why no node of the model can compute in integers with any data; null if a node may.</summary>
    public static string? WhyNot(PassContext context)
    {
        var main = new Graph(context.Model);
        var rules = new OperatorRules(main, context.Target);
        if (!main.Nodes.Any(node => rules.Role(node) == QuantizedRole.Layer && rules.WhyNotLayer(node) is null))
            return "nothing to quantize: the main graph has no layer with constant weights in float32";
        // Returns the reason why the opset is too old; null if it is not. Integer operators exist from opset 10 on, and with 8 bits throughout from opset 12
        // on. ONNX Runtime's own operators support a scale for each channel.
        return LegacyOpsetUpgrade.WhyNot(main) is { } why && context.Model.Opset() < FirstOpset ? why : null;
    }

    // Creates the error about fewer than 8 bits in an old opset: the Clip that limits the codes takes integers from opset 12 on.
    private static CompressionException NarrowActivations(string why) =>
        new(
            Codes.UnknownOption,
            $"Activations cannot have fewer than 8 bits in this model, because {why}. Leave out the option 'activation-bits' and the settings a4 to a7 "
                + $"of 'int8', or export the model with opset {LegacyOpsetUpgrade.Target} or later."
        );

    private static void Leave(PassContext context, string why)
    {
        context.Report.Leave("all layers", why);
        var rules = new OperatorRules(new Graph(context.Model), context.Target);
        foreach (var node in context.Model.Proto.Graph.Node.Where(node => WeightedOperator.FindLinear(node) is not null))
            context.Report.Node(
                new NodeOutcome(
                    node.OpType,
                    node.Name,
                    NodeForm.Float,
                    rules.Role(node) == QuantizedRole.None ? $"{node.OpType} has no integer kernel" : rules.WhyNotLayer(node)?.Text ?? why
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
            var attempt = context.Model.Clone();
            var plan = QuantizationPlan.Of(attempt, context.Target, settings, options.Everywhere, tensors, unfused);
            if (plan.HasNarrowActivations && LegacyOpsetUpgrade.WhyNot(main) is { } why)
                throw NarrowActivations(why);
            var quantized = plan.Emit(Ranges(plan, calibration, context));
            var outcome = QuantizationOutcome.Of(plan, quantized, attempt, context.Target);
            var refused = options.Everywhere ? [] : outcome.Unfused;
            if (refused.Count > 0 && round < MaxRounds)
            {
                unfused.UnionWith(refused);
                continue;
            }

            outcome.Report(context.Report);
            context.Model.ReplaceWith(attempt);
            context.Layers.Add(quantized.Layers);
            break;
        }
    }

    private Func<string, ActivationForm, (float Min, float Max)> Ranges(QuantizationPlan plan, ICalibrationContext calibration, PassContext context)
    {
        var method = options.Calibration switch
        {
            Int8Calibration.MinMax => CalibrationMethod.MinMax,
            Int8Calibration.MovingAverage => CalibrationMethod.MovingAverage,
            Int8Calibration.Mean => CalibrationMethod.Mean,
            Int8Calibration.Percentile => CalibrationMethod.Percentile,
            Int8Calibration.Entropy => CalibrationMethod.Entropy,
            Int8Calibration.Mse => CalibrationMethod.Mse,
            _ => throw new InvalidOperationException("The pipeline replaces a step that chooses how ranges are found."),
        };
        var needsHistogram = plan.HasNarrowActivations || RangeSelector.NeedsHistogram(method);
        var request = new StatisticsRequest(plan.Sources, needsHistogram, new Dictionary<string, int>());
        using var memory = new MemoryScope(context.Model.Proto.CalculateSize());
        var statistics =
            plan.Sources.Count == 0 ? new Dictionary<string, TensorStatistics>() : calibration.Collect(context.Model, request, context.CancellationToken);
        // Narrow types with few codes get the range with the least error, because a range that includes the extremes leaves too few codes for most values.
        return (source, form) => RangeSelector.Select(statistics[source], form.Type.IsNarrow ? CalibrationMethod.Mse : method, form.IsSymmetric, form.Levels);
    }

    // Gives names to all nodes, because attempts run on clones of the model and identify nodes by name.
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
