using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>The element types and shapes of the values of a graph with inputs of fixed sizes, as ONNX Runtime infers them.</summary>
internal sealed class GraphValues
{
    private readonly Lazy<IReadOnlyDictionary<string, InferredTensor>> _main;
    private readonly InferredValues _bodies;

    /// <param name="main">The main graph, which must not change while the values are in use.</param>
    public GraphValues(Graph main)
    {
        // Only inputs with fixed shapes are used, because a run with them shows whether a value is a scalar or has an unknown rank.
        var shapes = main
            .Proto.Input.Where(input => Declared(input.Type) is { Elements: not null })
            .ToDictionary(input => input.Name, input => Declared(input.Type)!.Shape, StringComparer.Ordinal);
        _main = new(() => RankInference.DescribeOutputs(main.Model, shapes));
        _bodies = new InferredValues(shapes);
    }

    /// <summary>Returns the type and shape of a value; null when they are unknown.</summary>
    /// <param name="scope">The graph that reads the value.</param>
    /// <param name="value">The name of the value.</param>
    public InferredTensor? Of(Graph scope, string value)
    {
        if (scope.TryGetConstant(value, out var tensor))
            return new InferredTensor((DataType)tensor.DataType, [.. tensor.Dims]);
        if (scope.ScopeOf(value) is not { } owner)
            return null;
        if (owner.Parent is not null)
            // The rank of a value with an empty shape counts as unknown, because ONNX Runtime reports an empty shape for scalars and for values of unknown
            // rank.
            return _bodies.Of(scope, value) is { } inner ? inner with { IsRankKnown = inner.Shape.Length > 0 } : null;
        return owner.IsInput(value) ? Declared(owner.TypeOf(value)) : _main.Value.GetValueOrDefault(value);
    }

    private static InferredTensor? Declared(TypeProto? type) =>
        type?.TensorType is { Shape: { } shape } tensor
            ? new InferredTensor(
                (DataType)tensor.ElemType,
                [.. shape.Dim.Select(size => size.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? size.DimValue : -1)]
            )
            : null;
}
