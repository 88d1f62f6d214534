using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Inspection;

/// <summary>
/// Finds the form in which each node of a result computes, such as float or int8: from the reports of the steps, and from the graph for nodes that no step
/// reports.
/// </summary>
internal sealed class NodeForms
{
    private readonly InspectedModel _model;
    private readonly Dictionary<string, NodeForm> _reported = new(StringComparer.Ordinal);

    /// <param name="model">The result.</param>
    /// <param name="steps">The reports of the steps.</param>
    public NodeForms(InspectedModel model, IReadOnlyList<StepReport> steps)
    {
        _model = model;
        foreach (var report in steps.Select(step => step.Report))
        {
            foreach (var node in report.Nodes)
                _reported[node.Name] = node.Form;
            foreach (var (name, form) in report.Forms)
                if (_reported.GetValueOrDefault(name) == NodeForm.Float)
                    _reported[name] = form;
        }
    }

    /// <summary>Returns the form in which a node computes.</summary>
    public NodeForm Of(Graph scope, NodeProto node) =>
        _reported.GetValueOrDefault(node.Name) is var form && form != NodeForm.Float ? form
        : node.Is("MatMulNBits", Domains.Microsoft) || node.Is("GatherBlockQuantized", Domains.Microsoft)
            ? node.GetInt("bits", 4) == 4 ? NodeForm.StoredInt4
                : NodeForm.StoredInt8
        : IntegerOperators.Contains(node.OpType) ? NodeForm.Integer
        : WeightedOperator.FindAny(node) is { } found ? Stored(scope, node, found)
        : NodeForm.Float;

    private NodeForm Stored(Graph scope, NodeProto node, WeightedOperator found)
    {
        var weight = node.InputAt(found.WeightInput);
        var isConverted = _model.Constants.Chain(scope, weight).Count > 0;
        var largest = _model.Constants.Roots(scope, weight).MaxBy(tensor => tensor.ElementCount());
        return (DataType?)largest?.DataType switch
        {
            DataType.Int8 or DataType.Uint8 => scope.Producer(node.InputAt(found.ActivationInput))?.OpType == "DequantizeLinear"
                ? NodeForm.Quantized
                : NodeForm.StoredInt8,
            DataType.Int4 or DataType.Uint4 => NodeForm.StoredInt4,
            DataType.Float16 => isConverted ? NodeForm.StoredFloat16 : NodeForm.Float16,
            DataType.Bfloat16 => NodeForm.Bfloat16,
            _ => NodeForm.Float,
        };
    }
}
