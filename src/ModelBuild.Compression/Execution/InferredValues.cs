using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Execution;

/// <summary>
/// Finds the types and shapes of the values in all scopes for one call, with the shape inference of ONNX Runtime. A subgraph is loaded as a separate model,
/// whose inputs include the captured values, when one of its values is first requested. The values of a subgraph that does not load as a separate model are
/// unknown.
/// </summary>
/// <param name="inputShapes">The shapes of the main graph's inputs.</param>
internal sealed class InferredValues(IReadOnlyDictionary<string, long[]> inputShapes)
{
    private readonly Dictionary<Graph, Dictionary<string, InferredTensor>> _known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Returns the shape of a value that is visible in a scope, or null when a size is unknown.</summary>
    public long[]? Sizes(Graph scope, string value)
    {
        if (scope.TryGetConstant(value, out var constant))
            return [.. constant.Dims];
        if (Sparse(scope, value) is { } sparse)
            return [.. sparse.Dims];
        // An empty shape counts as unknown, because ONNX Runtime reports an empty shape for scalars and for values of unknown rank.
        return Of(scope, value) is { Shape: { Length: > 0 } shape } && shape.All(size => size >= 0) ? shape : null;
    }

    /// <summary>Returns the type and shape of a value that a visible scope computes or has as an input; null when they are unknown.</summary>
    /// <param name="scope">The scope that reads the value.</param>
    /// <param name="value">The name of the value. An empty shape belongs to a scalar or to a value of unknown rank.</param>
    public InferredTensor? Of(Graph scope, string value) => scope.ScopeOf(value) is { } owner ? Known(owner).GetValueOrDefault(value) : null;

    private Dictionary<string, InferredTensor> Known(Graph scope)
    {
        if (_known.TryGetValue(scope, out var known))
            return known;
        known = _known[scope] = new Dictionary<string, InferredTensor>(StringComparer.Ordinal);
        foreach (var (index, input) in scope.Proto.Input.Index())
            if (Input(scope, input, index) is { } tensor)
                known[input.Name] = tensor;
        if ((scope.Parent is null ? scope.Model : ScopeModel.Of(scope, value => Tensor(scope, value))) is not { } model)
            return known;
        var values = scope
            .Nodes.Where(node => !node.Is("Constant"))
            .SelectMany(node => node.Output)
            .Where(value => value.Length > 0)
            .Distinct(StringComparer.Ordinal);
        foreach (
            var (value, tensor) in ShapeInference.Describe(model, scope.Parent is null ? inputShapes : new Dictionary<string, long[]>(), values, computes: true)
        )
            known[value] = tensor;
        return known;
    }

    private InferredTensor? Input(Graph scope, ValueInfoProto input, int index)
    {
        if (scope.Parent is null && input.Type?.TensorType is { } tensor)
            return new InferredTensor(
                (DataType)tensor.ElemType,
                inputShapes.GetValueOrDefault(input.Name) ?? [.. (tensor.Shape?.Dim ?? []).Select(size => size.DimValue > 0 ? size.DimValue : -1)]
            );
        return scope.Owner is not { } owner ? null
            : owner.Is("Loop") ? LoopInput(scope.Parent!, owner, index)
            : owner.Is("Scan") ? ScanInput(scope.Parent!, owner, index)
            : null;
    }

    private InferredTensor? LoopInput(Graph outer, NodeProto loop, int index) =>
        index switch
        {
            0 => new InferredTensor(DataType.Int64, []),
            1 => new InferredTensor(DataType.Bool, []),
            _ => Tensor(outer, loop.InputAt(index)),
        };

    // Returns the type of an input of a Scan body. The inputs of the body are first the states and then one slice of each sequence.
    private InferredTensor? ScanInput(Graph outer, NodeProto scan, int index)
    {
        var first = scan.Input.Count - (int)scan.GetInt("num_scan_inputs");
        if (Tensor(outer, scan.InputAt(index)) is not { } tensor || index < first)
            return Tensor(outer, scan.InputAt(index));
        var axis = scan.GetInts("scan_input_axes") is { } axes && index - first < axes.Length ? axes[index - first] : 0;
        return tensor with { Shape = [.. tensor.Shape.Where((_, i) => i != (axis < 0 ? axis + tensor.Shape.Length : axis))] };
    }

    private InferredTensor? Tensor(Graph scope, string value) =>
        scope.TryGetConstant(value, out var constant) ? new InferredTensor((DataType)constant.DataType, [.. constant.Dims]) : Of(scope, value);

    private static SparseTensorProto? Sparse(Graph scope, string value) =>
        scope.ScopeOf(value)?.Proto.SparseInitializer.FirstOrDefault(sparse => sparse.Values?.Name == value);
}
