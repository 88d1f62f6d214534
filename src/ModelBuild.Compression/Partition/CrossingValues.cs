using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Partition;

/// <summary>Finds the values that may cross between stages, with the types and shapes that ONNX Runtime infers.</summary>
internal static class CrossingValues
{
    /// <summary>Returns the values that may cross between stages, in the order in which they are computed.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="order">The computed nodes of the graph.</param>
    /// <param name="inputShapes">The input shapes of the counted call.</param>
    public static IReadOnlyList<CrossingValue> Find(Graph main, IReadOnlyList<ComputedNode> order, IReadOnlyDictionary<string, long[]> inputShapes)
    {
        var lastRead = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (place, node) in order.Index())
        foreach (var value in node.Reads)
            lastRead[value] = place;
        var born = order
            .SelectMany((node, place) => node.Node.Output.Where(lastRead.ContainsKey).Select(value => (Name: value, Place: place)))
            .DistinctBy(value => value.Name)
            .ToArray();

        var types = main.Model.Tensors().Select(tensor => (DataType)tensor.DataType).ToHashSet();
        // The CPU provider of ONNX Runtime refuses bfloat16, so types are inferred on a copy of the model in float16. A float16 value of the copy is bfloat16
        // in the model.
        var isNarrow = types.Contains(DataType.Bfloat16) && !types.Contains(DataType.Float16);
        var model = isNarrow ? AcceleratorArithmetic.AsFloat16(main.Model) : main.Model;
        var names = born.Select(value => value.Name).ToArray();
        var declared = ShapeInference.Describe(model, new Dictionary<string, long[]>(), names);
        var counted = ShapeInference.Describe(model, inputShapes, names, computes: true);
        var symbols = main
            .Proto.Input.SelectMany(input => input.Type?.TensorType?.Shape?.Dim ?? [])
            .Select(size => size.DimParam)
            .ToHashSet(StringComparer.Ordinal);
        return [.. born.Select(value => Value(value.Name, value.Place))];

        InferredTensor? Declared(string value)
        {
            var tensor = declared.GetValueOrDefault(value) ?? Written(main, value);
            return tensor is null || Tensors.BitsPerElement(tensor.Type) is > 0 and < 8
                ? null
                : tensor with
                {
                    Type = isNarrow && tensor.Type == DataType.Float16 ? DataType.Bfloat16 : tensor.Type,
                    // Symbols of dimensions that ONNX Runtime generated are replaced by empty symbols. The generated symbols are valid in one session only, and
                    // may stand for other sizes in another session.
                    Symbols = [.. tensor.Symbols.Select(symbol => symbols.Contains(symbol) ? symbol : "")],
                };
        }

        CrossingValue Value(string name, int place)
        {
            var tensor = counted.GetValueOrDefault(name) ?? declared.GetValueOrDefault(name);
            // The number of elements is limited, because the declared sizes are untrusted and their product may overflow.
            var elements = Math.Min(tensor?.Shape.Aggregate(1.0, (product, size) => product * Math.Max(1, size)) ?? 0, 1L << 50);
            return new CrossingValue(
                name,
                place,
                lastRead[name],
                Declared(name),
                (long)elements,
                tensor is null ? 0 : Tensors.Bytes(tensor.Type, (long)elements)
            );
        }
    }

    // Returns the declared type and shape of a value. The declared type and shape replace the inferred ones for graphs that ONNX Runtime does not load without
    // their weights.
    private static InferredTensor? Written(Graph main, string value) =>
        main.TypeOf(value)?.TensorType is { ElemType: > 0 } tensor
            ? new InferredTensor((DataType)tensor.ElemType, [.. (tensor.Shape?.Dim ?? []).Select(size => size.DimValue > 0 ? size.DimValue : -1)])
            : null;
}
