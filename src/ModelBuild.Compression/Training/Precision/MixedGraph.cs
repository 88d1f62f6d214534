using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Precision;

/// <summary>
/// Rounds the operands and the results of the products and convolutions of a training graph to 16 bits, and computes their sums in float32, as accelerators
/// do. All other operators stay in float32. ONNX Runtime has no kernels of 16 bits for a processor of x64, and it removes a conversion before an operator that
/// it computes in float32, so the graph has the conversions to both sides.
/// </summary>
/// <param name="graph">The training graph with its gradients.</param>
/// <param name="shapes">The types and shapes of its values.</param>
/// <param name="precision">A precision of 16 bits.</param>
internal sealed class MixedGraph(Graph graph, IReadOnlyDictionary<string, InferredTensor> shapes, TrainingPrecision precision)
{
    private readonly DataType _type = precision == TrainingPrecision.Mixed ? DataType.Float16 : DataType.Bfloat16;
    private readonly Dictionary<string, string> _operands = new(StringComparer.Ordinal);

    /// <summary>Adds the conversions to the graph.</summary>
    public void Convert()
    {
        foreach (var node in graph.Nodes.ToArray())
            if (WeightedOperator.LinearKind(node) is not null && node.IsStandard() && node.Input.Where(input => input.Length > 0).All(IsFloat))
                Convert(node);
        graph.SortTopologically();
    }

    private void Convert(NodeProto node)
    {
        string[] inputs = [.. node.Input.Select(Operand)];
        var output = node.Output[0];
        var narrow = graph.FreshName($"{output} in 16 bits");
        var copy = node.Clone();
        copy.Input.Clear();
        copy.Input.AddRange(inputs);
        copy.Output[0] = narrow;
        graph.Remove(node);
        graph.Append(copy);
        Round(narrow, output);
    }

    private string Operand(string value)
    {
        if (value.Length == 0)
            return value;
        if (_operands.TryGetValue(value, out var known))
            return known;
        var narrow = _operands[value] = graph.FreshName($"{value} in 16 bits");
        Round(value, narrow);
        return narrow;
    }

    private void Round(string value, string rounded)
    {
        var between = graph.FreshName($"{value} rounded");
        graph.Append(Cast(value, between, _type));
        graph.Append(Cast(between, rounded, DataType.Float));
    }

    private bool IsFloat(string value) =>
        graph.TryGetConstant(value, out var constant)
            ? constant.DataType == (int)DataType.Float
            : shapes.TryGetValue(value, out var type) && type.Type == DataType.Float;

    private static NodeProto Cast(string value, string result, DataType type) =>
        Nodes.Create("Cast", [value], [result], $"cast to {result}", attributes: ("to", (long)type));
}
