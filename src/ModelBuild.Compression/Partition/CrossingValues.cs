using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Partition;

/// <summary>Finds the values that may have to be handed from one stage to another, with their types and sizes as ONNX Runtime infers them.</summary>
internal static class CrossingValues
{
    /// <summary>The values in the order in which they are computed.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="order">Its computed nodes.</param>
    /// <param name="inputShapes">Sizes of the inputs in the call that is counted.</param>
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
        // ONNX Runtime's processor provider refuses bfloat16: what is float16 in the twin is bfloat16 here.
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
                    // A name that ONNX Runtime has made up for one session may mean another size in the next.
                    Symbols = [.. tensor.Symbols.Select(symbol => symbols.Contains(symbol) ? symbol : "")],
                };
        }

        CrossingValue Value(string name, int place)
        {
            var tensor = counted.GetValueOrDefault(name) ?? declared.GetValueOrDefault(name);
            // Sizes may be claims without end.
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

    // A graph that does not load without its weights says at times itself what it computes.
    private static InferredTensor? Written(Graph main, string value) =>
        main.TypeOf(value)?.TensorType is { ElemType: > 0 } tensor
            ? new InferredTensor((DataType)tensor.ElemType, [.. (tensor.Shape?.Dim ?? []).Select(size => size.DimValue > 0 ? size.DimValue : -1)])
            : null;
}
