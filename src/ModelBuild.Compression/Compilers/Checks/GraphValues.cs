using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>The element types and shapes of the values of a graph with inputs of fixed sizes, as ONNX Runtime infers them.</summary>
internal sealed class GraphValues
{
    private static readonly Dictionary<string, long[]> AsDeclared = [];

    private readonly IReadOnlyDictionary<string, InferredTensor> _inferred;

    /// <param name="main">The main graph, which must not change while the values are in use.</param>
    public GraphValues(Graph main)
    {
        string[] values =
        [
            .. main.Nodes.SelectMany(node => node.Output).Where(value => value.Length > 0 && !main.IsConstant(value)).Distinct(StringComparer.Ordinal),
        ];
        // The optimizations of ONNX Runtime compute sizes that inference alone does not find.
        var inferred = ShapeInference.Describe(main.Model, AsDeclared, values, computes: true);
        _inferred = inferred.Count > 0 ? inferred : ShapeInference.Describe(main.Model, AsDeclared, values);
    }

    /// <summary>Returns the type and shape of a value; null when they are unknown, as for all computed values of subgraphs.</summary>
    /// <param name="scope">The graph that reads the value.</param>
    /// <param name="value">The name of the value.</param>
    public InferredTensor? Of(Graph scope, string value)
    {
        if (scope.TryGetConstant(value, out var tensor))
            return new InferredTensor((DataType)tensor.DataType, [.. tensor.Dims]);
        if (scope.ScopeOf(value) is not { Parent: null } main)
            return null;
        return main.IsInput(value) ? Declared(main.TypeOf(value)) : _inferred.GetValueOrDefault(value);
    }

    private static InferredTensor? Declared(TypeProto? type) =>
        type?.TensorType is { Shape: { } shape } tensor
            ? new InferredTensor(
                (DataType)tensor.ElemType,
                [.. shape.Dim.Select(size => size.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? size.DimValue : -1)]
            )
            : null;
}
