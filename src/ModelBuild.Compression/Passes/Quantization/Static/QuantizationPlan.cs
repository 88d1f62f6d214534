using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>The nodes that an attempt at static quantization will compute in integers, and the values whose ranges the attempt needs.</summary>
internal sealed class QuantizationPlan
{
    private readonly Graph _main;
    private readonly Func<NodeProto, LayerSettings> _settings;
    private readonly OperatorRules _rules;
    private readonly Placement _placement;
    private readonly RoundingPoints _rounding;
    private readonly ActivationRanges _ranges;

    private QuantizationPlan(Graph main, TargetProfile target, Func<NodeProto, LayerSettings> settings, OperatorRules rules, Placement placement)
    {
        (_main, _settings, _rules, _placement) = (main, settings, rules, placement);
        _rounding = new RoundingPoints(main, placement, rules, settings, target);
        _ranges = new ActivationRanges(main, placement, _rounding, rules, target);
        Sources = [.. _ranges.Values.SelectMany(_ranges.Sources).Distinct()];
        Left =
        [
            .. placement
                .Why.Where(node => !_rounding.Kept.Contains(node.Key))
                .Select(node => new NodeOutcome(node.Key.OpType, node.Key.Name, NodeForm.Float, node.Value)),
            .. _rounding.Kept.Select(node => new NodeOutcome(node.OpType, node.Name, NodeForm.Float, "it follows a layer whose output stays float")),
        ];
    }

    /// <summary>The values whose ranges the plan needs.</summary>
    public IReadOnlyCollection<string> Sources { get; }

    /// <summary>Whether activations of a node have fewer codes than their element type.</summary>
    public bool HasNarrowActivations => _placement.Integer.Any(node => _settings(node).Activations.IsNarrow);

    /// <summary>The outcomes of the nodes that stay in float.</summary>
    public IReadOnlyList<NodeOutcome> Left { get; }

    /// <summary>Decides which nodes compute in integers.</summary>
    /// <param name="model">A clone of the model, which <see cref="Emit"/> rewrites.</param>
    /// <param name="target">The execution provider and the processor family that the recipe is made for.</param>
    /// <param name="settings">The settings of each layer.</param>
    /// <param name="everywhere">Whether nodes compute in integers also where that costs the target more than it saves.</param>
    /// <param name="tensors">Types and shapes of all values.</param>
    /// <param name="unfused">Names of nodes that ONNX Runtime left in float in earlier attempts.</param>
    public static QuantizationPlan Of(
        OnnxModel model,
        TargetProfile target,
        Func<NodeProto, LayerSettings> settings,
        bool everywhere,
        IReadOnlyDictionary<string, InferredTensor> tensors,
        IReadOnlySet<string> unfused
    )
    {
        var main = new Graph(model);
        var rules = new OperatorRules(main, target);
        var placement = Placement.Decide(main, target, tensors, settings, everywhere, main.Nodes.Where(node => unfused.Contains(node.Name)).ToHashSet());
        return new QuantizationPlan(main, target, settings, rules, placement);
    }

    /// <summary>Writes the quantized form of the planned nodes into the model.</summary>
    /// <param name="ranges">The range of a value, for the form that it is quantized in.</param>
    public QuantizedGraph Emit(Func<string, ActivationForm, (float Min, float Max)> ranges) =>
        QuantizedGraph.Emit(_main, new QdqEmitter(_main, _placement.Integer, _rounding, _ranges, _rules, _settings, ranges));
}
