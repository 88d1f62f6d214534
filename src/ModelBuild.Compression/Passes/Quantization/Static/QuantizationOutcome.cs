using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Static;

/// <summary>Determines the types in which ONNX Runtime computes the nodes of a quantized graph on a CPU.</summary>
internal sealed class QuantizationOutcome
{
    private readonly QuantizationPlan _plan;
    private readonly QuantizedGraph _quantized;
    private readonly IReadOnlyDictionary<string, string?>? _kernels;

    private QuantizationOutcome(QuantizationPlan plan, QuantizedGraph quantized, IReadOnlyDictionary<string, string?>? kernels) =>
        (_plan, _quantized, _kernels) = (plan, quantized, kernels);

    /// <summary>The names of nodes that ONNX Runtime still computes in float.</summary>
    public IReadOnlyCollection<string> Unfused =>
        _kernels is null ? [] : [.. _quantized.Results.Select(result => result.Node).Where(node => !_kernels.ContainsKey(node))];

    /// <summary>
    /// Reads the outcome from ONNX Runtime's optimized graph. For accelerators, no graph is read, because they run the quantized form without ONNX Runtime's
    /// fusions for CPUs.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="quantized">The graph that it gave.</param>
    /// <param name="model">The model of the graph.</param>
    /// <param name="target">The execution provider and the processor family that the recipe is made for.</param>
    public static QuantizationOutcome Of(QuantizationPlan plan, QuantizedGraph quantized, OnnxModel model, TargetProfile target)
    {
        var isChecked = target.IsProcessor && quantized.Results.Count > 0;
        return new QuantizationOutcome(plan, quantized, isChecked ? FusionCheck.Fused(model, quantized.Results) : null);
    }

    /// <summary>Reports how ONNX Runtime computes each node.</summary>
    public void Report(PassReport report)
    {
        var quantized = _quantized.Results.Select(result => result.Node).ToHashSet(StringComparer.Ordinal);
        foreach (var node in _quantized.Main.Nodes.Where(node => quantized.Contains(node.Name)))
            report.Node(
                _kernels is not null && _kernels.TryGetValue(node.Name, out var kernel)
                    ? new NodeOutcome(node.OpType, node.Name, NodeForm.Integer) { Kernel = kernel }
                    : new NodeOutcome(node.OpType, node.Name, NodeForm.Quantized)
            );
        foreach (var node in _plan.Left.Where(node => !quantized.Contains(node.Name)))
            report.Node(node);
        report.Changed("layers quantized", _quantized.Layers.Count);
        report.Changed("other nodes computing in integers", _quantized.Results.Count - _quantized.Layers.Count);
    }
}
