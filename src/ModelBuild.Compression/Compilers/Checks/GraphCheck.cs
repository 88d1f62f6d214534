using System.Globalization;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Checks;

/// <summary>Compares a graph with the table of a compiler: domains, operators, element types, restrictions of operators, and fixed shapes.</summary>
/// <param name="compiler">The compiler.</param>
/// <param name="main">The main graph, which must not change while the check is in use.</param>
internal sealed class GraphCheck(Compiler compiler, Graph main)
{
    private readonly GraphValues _values = new(main);

    /// <summary>Lists all parts of the model that the compiler does not support: the opset, inputs, and nodes of all scopes.</summary>
    public IReadOnlyList<NodeRefusal> Refusals()
    {
        var refusals = new List<NodeRefusal>();
        var opset = main.Model.Opset();
        if (opset < compiler.OldestOpset || opset > compiler.NewestOpset)
            refusals.Add(
                new NodeRefusal(
                    "the model",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"its opset is {opset}, and {compiler.Title} takes {compiler.OldestOpset} to {compiler.NewestOpset}"
                    )
                )
            );
        // ONNX Runtime may not support the operators of a newer opset. Then it cannot infer their values, so the nodes are not checked.
        if (opset > compiler.NewestOpset)
            return refusals;
        foreach (var input in main.Proto.Input)
            if (WhyNotInput(input) is { } why)
                refusals.Add(new NodeRefusal($"the input '{Text.Short(input.Name)}'", why));
        foreach (var scope in main.SelfAndSubgraphs())
        foreach (var node in scope.Nodes)
            if ((WhyNot(scope, node) ?? WhyNotFixed(scope, node)) is { } why)
                refusals.Add(new NodeRefusal(Text.Short(NodeLabel.Of(node)), why));
        return refusals;
    }

    /// <summary>Returns the reason why the compiler does not support a node, apart from the shapes of its outputs; null when it supports the node.</summary>
    public string? WhyNot(Graph scope, NodeProto node)
    {
        if (!node.IsStandard())
            return $"it is an operator of {Text.Short(node.Domain)}, and the export has no exact standard form of it";
        if (RandomOperators.Contains(node))
            return "it draws random numbers, so that the export cannot be verified";
        if (!compiler.Operators.TryGetValue(node.OpType, out var support))
            return $"{compiler.Title} has no {Text.Short(node.OpType)}";
        // The restriction of the operator is checked before unknown types, because its reason is more helpful to the user.
        if (support.Restriction?.Invoke(new CheckedNode(node, scope, _values)) is { } why)
            return why;
        if (scope.Parent is not null && WhyNotKnown(scope, node, support) is { } gap)
            return gap;
        var data = node.OpType == "Where" ? 1 : 0;
        foreach (var (index, value) in node.Input.Index())
            if (value.Length > 0 && _values.Of(scope, value)?.Type is { } type && !Takes(support, type, isData: index == data, scope.IsConstant(value)))
                return $"its input '{Text.Short(value)}' is {ElementTypes.Name(type)}, and {compiler.Title} does not take that type here";
        foreach (var value in node.Output)
            if (value.Length > 0 && _values.Of(scope, value)?.Type is { } type && !compiler.Types.Contains(type))
                return $"its output '{Text.Short(value)}' is {ElementTypes.Name(type)}, and {compiler.Title} has no values of that type";
        return null;
    }

    // Returns why a node of a subgraph is refused if its types or ranks are unknown. The type inference of a subgraph may fail, and then the support of the
    // node cannot be determined.
    private string? WhyNotKnown(Graph scope, NodeProto node, OperatorSupport support) =>
        node.Input.FirstOrDefault(value => value.Length > 0 && _values.Of(scope, value) is null) is { } untyped
            ? $"the type of its input '{Text.Short(untyped)}' is unknown"
        : support.NeedsRank && _values.Of(scope, node.InputAt(0)) is { IsRankKnown: false } ? "the number of dimensions of its input is unknown"
        : null;

    private bool Takes(OperatorSupport support, DataType type, bool isData, bool isConstant) =>
        isData && support.Types is { } types ? types.Contains(type) && (!isConstant || compiler.Types.Contains(type)) : compiler.Types.Contains(type);

    private string? WhyNotInput(ValueInfoProto input)
    {
        if (input.Type?.TensorType is not { } tensor)
            return "it is not a tensor";
        var type = (DataType)tensor.ElemType;
        return
            compiler.Types.Contains(type)
            || main.Consumers(input.Name).All(use => compiler.Operators.GetValueOrDefault(use.Node.OpType)?.Types?.Contains(type) == true)
            ? null
            : $"it is {ElementTypes.Name(type)}, and {compiler.Title} has no values of that type";
    }

    private string? WhyNotFixed(Graph scope, NodeProto node) =>
        scope.Parent is null && node.Output.FirstOrDefault(value => value.Length > 0 && !IsFixed(scope, value)) is { } open
            ? $"the shape of its output '{Text.Short(open)}' depends on values or is unknown, and {compiler.Title} gets fixed shapes only"
            : null;

    private bool IsFixed(Graph scope, string value) => _values.Of(scope, value) is { IsRankKnown: true, Elements: not null };
}
