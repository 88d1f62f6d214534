using ModelBuild.Onnx;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Describes the types and shapes of a model's values in a typical call of an application, with one row when the number of rows is dynamic.
/// </summary>
internal static class CallShapes
{
    /// <summary>Returns the types and shapes of all values of the main graph in a typical call.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sample">The input shapes of a sample, which give the other dynamic dimensions their sizes; null when there is no sample.</param>
    public static IReadOnlyDictionary<string, InferredTensor> Describe(OnnxModel model, IReadOnlyDictionary<string, long[]>? sample) =>
        ShapeInference.Describe(model, Inputs(model, sample), Values(model));

    /// <summary>
    /// Describes all values of the main graph, with sizes that depend on computed numbers. A model that cannot have one row, because its nodes fix another
    /// number, is described with the rows of the sample.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="sample">The input shapes of a sample.</param>
    public static IReadOnlyDictionary<string, InferredTensor> DescribeComputed(OnnxModel model, IReadOnlyDictionary<string, long[]> sample)
    {
        var described = ShapeInference.Describe(model, Inputs(model, sample), Values(model), computes: true);
        return described.Count > 0 ? described : ShapeInference.Describe(model, sample, Values(model), computes: true);
    }

    private static Dictionary<string, long[]> Inputs(OnnxModel model, IReadOnlyDictionary<string, long[]>? sample) =>
        model
            .Proto.Graph.Input.Select(input => (input.Name, Shape: OneRow(input.Type?.TensorType?.Shape, sample?.GetValueOrDefault(input.Name))))
            .Where(input => input.Shape?.All(size => size >= 0) == true)
            .ToDictionary(input => input.Name, input => input.Shape!, StringComparer.Ordinal);

    private static IEnumerable<string> Values(OnnxModel model) =>
        new Graph(model).Nodes.SelectMany(node => node.Input.Concat(node.Output)).Where(value => value.Length > 0).Distinct();

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
