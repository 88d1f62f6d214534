using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>One attempt to quantize a model, on a clone of it.</summary>
internal sealed class StaticQuantization(OnnxModel model, TargetProfile target, Func<NodeProto, LayerSettings> settings, bool everywhere)
{
    private readonly Graph _main = new(model);
    private QuantizedResult[] _results = [];
    private Placement _placement = null!;
    private RoundingPoints _rounding = null!;
    private ActivationRanges _ranges = null!;
    private OperatorRules _rules = null!;
    private IReadOnlyDictionary<string, string> _fused = new Dictionary<string, string>();
    private NodeOutcome[] _left = [];

    // The fusions of the CPU provider do not apply to accelerators, which read the QDQ form directly.
    private bool IsChecked => target.IsProcessor && _results.Length > 0;

    /// <summary>The clone.</summary>
    public OnnxModel Model => model;

    /// <summary>The values whose ranges are needed.</summary>
    public IReadOnlyCollection<string> Sources { get; private set; } = [];

    /// <summary>Creates the layers that compute in integers, with their float weights.</summary>
    public IReadOnlyList<Func<QuantizedLayer>> Layers { get; private set; } = [];

    /// <summary>Chooses the nodes that compute in integers.</summary>
    /// <param name="tensors">Types and shapes of all values.</param>
    /// <param name="unfused">Names of nodes that ONNX Runtime did not fuse in earlier attempts.</param>
    public void Place(IReadOnlyDictionary<string, InferredTensor> tensors, IReadOnlySet<string> unfused)
    {
        _rules = new OperatorRules(_main, target);
        _placement = Placement.Decide(_main, target, tensors, settings, everywhere, _main.Nodes.Where(node => unfused.Contains(node.Name)).ToHashSet());
        _rounding = new RoundingPoints(_main, _placement, _rules, settings, target);
        _ranges = new ActivationRanges(_main, _placement, _rounding, _rules, target);
        Sources = [.. _ranges.Values.SelectMany(_ranges.Sources).Distinct()];
        _left =
        [
            .. _placement
                .Why.Where(node => !_rounding.Kept.Contains(node.Key))
                .Select(node => new NodeOutcome(node.Key.OpType, node.Key.Name, NodeOutcome.Float, node.Value)),
            .. _rounding.Kept.Select(node => new NodeOutcome(node.OpType, node.Name, NodeOutcome.Float, "it follows a layer whose output stays float")),
        ];
    }

    /// <summary>Writes the quantized form.</summary>
    /// <param name="ranges">Returns the range of a value, for the form that it is quantized in.</param>
    public void Emit(Func<string, ActivationForm, (float Min, float Max)> ranges)
    {
        var emitter = new QdqEmitter(_main, _placement.Integer, _rounding, _ranges, _rules, settings, ranges);
        Layers = emitter.Emit();
        _results = [.. emitter.Results.Values.DistinctBy(result => result.Node)];
        // The float weights have no readers left, and are removed so that ONNX Runtime does not load them.
        new DeadCodeElimination().Apply(_main, CancellationToken.None);
        _main.RemoveStaleInfo();
        if (IsChecked)
            _fused = FusionCheck.Fused(model, _results);
    }

    /// <summary>Returns the names of nodes that ONNX Runtime still computes in float.</summary>
    public IReadOnlyCollection<string> Unfused() => !IsChecked ? [] : [.. _results.Select(result => result.Node).Where(node => !_fused.ContainsKey(node))];

    /// <summary>Reports the outcome of each node.</summary>
    public void Report(PassReport report)
    {
        foreach (var node in _main.Nodes.Where(node => _results.Any(result => result.Node == node.Name)))
            report.Node(new NodeOutcome(node.OpType, node.Name, _fused.GetValueOrDefault(node.Name) ?? "quantized", ""));
        foreach (var node in _left.Where(node => _results.All(result => result.Node != node.Name)))
            report.Node(node);
        report.Changed("layers quantized", Layers.Count);
        report.Changed("other nodes computing in integers", _results.Length - Layers.Count);
    }
}
