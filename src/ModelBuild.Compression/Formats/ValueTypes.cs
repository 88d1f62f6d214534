using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Formats;

/// <summary>
/// Finds the element types of the values in all scopes, with the inference of ONNX Runtime. A subgraph is loaded as a separate model, whose inputs include the
/// captured values. The types of a scope that does not load as a separate model are unknown, and its nodes are not converted.
/// </summary>
internal sealed class ValueTypes
{
    private readonly Dictionary<Graph, Dictionary<string, DataType>> _types = new(ReferenceEqualityComparer.Instance);

    /// <param name="main">The model's main graph.</param>
    public ValueTypes(Graph main)
    {
        foreach (var scope in main.SelfAndSubgraphs())
            _types[scope] = Infer(scope);
    }

    /// <summary>Returns the element type of a value that is visible in a scope, or null when it is not a tensor or its type is unknown.</summary>
    public DataType? Of(Graph scope, string value)
    {
        if (scope.TryGetConstant(value, out var constant))
            return (DataType)constant.DataType;
        return scope.ScopeOf(value) is { } owner && _types.TryGetValue(owner, out var types) && types.TryGetValue(value, out var type) ? type : null;
    }

    private Dictionary<string, DataType> Infer(Graph scope)
    {
        var types = new Dictionary<string, DataType>(StringComparer.Ordinal);
        foreach (var (index, input) in scope.Proto.Input.Index())
            if (InputType(scope, input, index) is { } type)
                types[input.Name] = type;
        if (
            (
                scope.Parent is null
                    ? scope.Model
                    : ScopeModel.Of(
                        scope,
                        value => (types.TryGetValue(value, out var known) ? known : Of(scope, value)) is { } type ? new InferredTensor(type, []) : null
                    )
            )
            is not { } model
        )
            return types;
        var values = scope.Nodes.SelectMany(node => node.Output).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal);
        foreach (var (value, tensor) in ShapeInference.Describe(model, new Dictionary<string, long[]>(), values))
            types[value] = tensor.Type;
        // If the type of an output of the graph cannot be inferred, its declared type is used.
        foreach (var output in scope.Parent is null ? scope.Proto.Output.AsEnumerable() : [])
            if (output.Type?.TensorType is { } declared)
                types.TryAdd(output.Name, (DataType)declared.ElemType);
        return types;
    }

    // Returns the element type of an input of a subgraph. The bodies of Loop and Scan may omit the types of their inputs, which then follow from the inputs of
    // the node.
    private DataType? InputType(Graph scope, ValueInfoProto input, int index)
    {
        if (input.Type is { } declared)
            return declared.TensorType is { } tensor ? (DataType)tensor.ElemType : null;
        return scope.Owner is not { } owner ? null
            : owner.Is("Loop") && index == 0 ? DataType.Int64
            : owner.Is("Loop") && index == 1 ? DataType.Bool
            : owner.Is("Loop") || owner.Is("Scan") ? Of(scope.Parent!, owner.InputAt(index))
            : null;
    }
}
