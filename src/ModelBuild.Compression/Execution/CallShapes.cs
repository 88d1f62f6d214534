using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>Types and shapes of a model's values in a call as applications make it: a batch of one where the model leaves it open.</summary>
internal static class CallShapes
{
    /// <summary>Describes all values of the main graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sample">Sizes of a sample's inputs, for what else is open; null where there is none.</param>
    public static IReadOnlyDictionary<string, InferredTensor> Describe(OnnxModel model, IReadOnlyDictionary<string, long[]>? sample)
    {
        var shapes = model
            .Proto.Graph.Input.Select(input => (input.Name, Shape: OneRow(input.Type?.TensorType?.Shape, sample?.GetValueOrDefault(input.Name))))
            .Where(input => input.Shape?.All(size => size >= 0) == true)
            .ToDictionary(input => input.Name, input => input.Shape!, StringComparer.Ordinal);
        var values = new Graph(model).Nodes.SelectMany(node => node.Input.Concat(node.Output)).Where(value => value.Length > 0).Distinct();
        return ShapeInference.Describe(model, shapes, values);
    }

    private static long[]? OneRow(TensorShapeProto? declared, long[]? sample)
    {
        if (declared is null)
            return sample;
        bool IsOpen(int axis) => declared.Dim[axis].ValueCase != TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue;
        return
        [
            .. declared.Dim.Select(
                (size, axis) =>
                    !IsOpen(axis) ? size.DimValue
                    : axis == 0 && declared.Dim.Count > 1 ? 1
                    : sample?.ElementAtOrDefault(axis) ?? -1
            ),
        ];
    }
}
