using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// Finds the products whose results are the model's outputs, such as the last layer of a classifier or the head of a language model. The search goes
/// backwards from the outputs, through operators that only move or map single elements, to the first layer. No later layer averages out the errors of these
/// products.
/// </summary>
internal static class LastLayers
{
    /// <summary>Returns the nodes of the main graph that compute the model's outputs, compared by reference.</summary>
    public static IReadOnlySet<NodeProto> Find(Graph main)
    {
        var found = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<string>(main.Proto.Output.Select(output => output.Name));
        while (waiting.TryPop(out var value))
        {
            if (!seen.Add(value) || main.Producer(value) is not { } node || !node.IsStandard())
                continue;
            if (WeightedOperator.IsLinearProduct(node))
                found.Add(node);
            else if (Mapped(main, node) is { } input)
                waiting.Push(input);
        }

        return found;
    }

    // Returns the one input whose elements the operator maps to its output; null for other operators.
    private static string? Mapped(Graph main, NodeProto node) =>
        node.OpType switch
        {
            "Cast"
            or "Clip"
            or "Flatten"
            or "Gather"
            or "Identity"
            or "LogSoftmax"
            or "Relu"
            or "Reshape"
            or "Sigmoid"
            or "Slice"
            or "Softmax"
            or "Squeeze"
            or "Tanh"
            or "Transpose"
            or "Unsqueeze" => node.Input[0],
            "Add" or "Div" or "Mul" or "Sub" => main.IsConstant(node.Input[1]) ? node.Input[0]
            : main.IsConstant(node.Input[0]) ? node.Input[1]
            : null,
            _ => null,
        };
}
