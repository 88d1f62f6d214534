using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Inspection;

/// <summary>Finds the range of real values that the codes of a quantized value represent.</summary>
internal static class CodeRange
{
    private static readonly HashSet<string> Activations = new(["Relu", "Clip", "LeakyRelu"], StringComparer.Ordinal);

    /// <summary>
    /// Returns the smallest and the largest real value that the codes of a value represent; null if the value is not quantized with one scale, directly or
    /// behind an activation.
    /// </summary>
    public static IReadOnlyList<double>? Of(Graph graph, string value)
    {
        if (graph.Producer(value) is { } producer && producer.Is("DequantizeLinear") && Range(graph, producer) is { } own)
            return own;
        foreach (var use in graph.Consumers(value))
        {
            if (use.Index == 0 && use.Node.Is("QuantizeLinear") && Range(use.Graph, use.Node) is { } range)
                return range;
            if (use.Index == 0 && Activations.Contains(use.Node.OpType) && Of(use.Graph, use.Node.Output[0]) is { } behind)
                return behind;
        }

        return null;
    }

    private static double[]? Range(Graph graph, NodeProto conversion)
    {
        if (!graph.TryGetConstant(conversion.InputAt(1), out var scale) || scale.ElementCount() != 1 || scale.DataType != (int)DataType.Float)
            return null;
        var factor = (double)scale.ToFloats()[0];
        return graph.TryGetConstant(conversion.InputAt(2), out var zero)
            ? (DataType)zero.DataType switch
            {
                DataType.Uint8 => Of(zero.Span<byte>()[0], byte.MinValue, byte.MaxValue),
                DataType.Int8 => Of(zero.Span<sbyte>()[0], sbyte.MinValue, sbyte.MaxValue),
                _ => null,
            }
            : Of(0, byte.MinValue, byte.MaxValue);

        double[] Of(int point, int low, int high) => [Histogram.Short(factor * (low - point)), Histogram.Short(factor * (high - point))];
    }
}
