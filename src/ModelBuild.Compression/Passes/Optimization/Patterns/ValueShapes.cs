using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Optimization.Patterns;

/// <summary>
/// Element types and shapes of values, which ONNX Runtime infers at the first query. Declared shapes in the model are not used, because they may be wrong.
/// Declared element types are used, because a model does not load if they are wrong. Values that rewrites add are unknown until the next round.
/// </summary>
internal sealed class ValueShapes(OnnxModel model)
{
    private readonly Lazy<IReadOnlyDictionary<string, InferredTensor>> _values = new(() =>
        ShapeInference.DescribeOutputs(model, new Dictionary<string, long[]>())
    );

    /// <summary>
    /// Returns the type and shape of the value that the name refers to in the scope; null if they are unknown, as for all values of subgraphs.
    /// </summary>
    public InferredTensor? Of(Graph scope, string value)
    {
        if (scope.TryGetConstant(value, out var tensor))
            return new InferredTensor((DataType)tensor.DataType, [.. tensor.Dims]);
        if (scope.ScopeOf(value) is not { Parent: null } main)
            return null;
        // An inferred shape without dimensions is ignored, because ONNX Runtime reports a value of unknown rank as a scalar.
        return main.IsInput(value) ? Declared(main, value)
            : _values.Value.GetValueOrDefault(value) is { Shape.Length: > 0 } inferred ? inferred
            : null;
    }

    /// <summary>Returns the element type of a value; null if it is unknown.</summary>
    public DataType? Type(Graph scope, string value) =>
        Of(scope, value)?.Type
        ?? (scope.ScopeOf(value) is { Parent: null } ? _values.Value.GetValueOrDefault(value)?.Type : null)
        ?? (scope.TypeOf(value)?.TensorType is { ElemType: not 0 } tensor ? (DataType)tensor.ElemType : null);

    private static InferredTensor? Declared(Graph main, string input) =>
        main.TypeOf(input)?.TensorType is { Shape: { } shape } tensor
            ? new InferredTensor(
                (DataType)tensor.ElemType,
                [
                    .. shape.Dim.Select(size =>
                        size.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && size.DimValue >= 0 ? size.DimValue : -1
                    ),
                ]
            )
            {
                Symbols = [.. shape.Dim.Select(size => size.DimParam)],
            }
            : null;
}
