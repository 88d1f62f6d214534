using Google.Protobuf.Collections;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers.Rewrites;

/// <summary>Collects the standard nodes that replace one node.</summary>
/// <param name="node">The node.</param>
/// <param name="scope">The graph of the node.</param>
/// <param name="values">The types and shapes of the values of the graph.</param>
internal sealed class NodeWriter(NodeProto node, Graph scope, GraphValues values)
{
    private readonly List<NodeProto> _nodes = [];
    private bool _isUnknown;

    /// <summary>The node that is replaced.</summary>
    public NodeProto Node => node;

    /// <summary>The opset version of the model that contains the node.</summary>
    public long Opset => scope.Model.Opset();

    /// <summary>The element type of the node's first input; null where it is unknown.</summary>
    public DataType? Type => values.Of(scope, node.Input[0])?.Type;

    /// <summary>Returns the number of dimensions of a value; null when it is unknown.</summary>
    public int? Rank(string value) => values.Of(scope, value) is { IsRankKnown: true, Shape.Length: var rank } ? rank : null;

    /// <summary>Returns whether the node has an output of this index.</summary>
    public bool HasOutput(int index) => index < node.Output.Count && node.Output[index].Length > 0;

    /// <summary>Adds a node with one output and returns the name of the output.</summary>
    public string Add(string opType, string[] inputs, params (string Name, object Value)[] attributes) => AddNamed("", opType, inputs, attributes);

    /// <summary>Adds a node with a name and one output, and returns the name of the output.</summary>
    public string AddNamed(string name, string opType, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = scope.FreshName($"{node.Output[0]}_{opType.ToLowerInvariant()}");
        _nodes.Add(Nodes.Create(opType, inputs, [output], name, attributes: attributes));
        return output;
    }

    /// <summary>Whether an input of the node, such as its zero point, has codes of 16 bits.</summary>
    public bool HasWideCodes => node.Input.Any(value => values.Of(scope, value)?.Type is DataType.Int16 or DataType.Uint16);

    /// <summary>Adds a DynamicQuantizeLinear node and returns the names of its codes, scale and zero point.</summary>
    public (string Codes, string Scale, string ZeroPoint) DynamicCodes(string value)
    {
        string[] outputs = [scope.FreshName($"{value}_codes"), scope.FreshName($"{value}_scale"), scope.FreshName($"{value}_zero_point")];
        _nodes.Add(Nodes.Create("DynamicQuantizeLinear", [value], outputs));
        return (outputs[0], outputs[1], outputs[2]);
    }

    /// <summary>Copies the attributes of the node to the node that was added last.</summary>
    /// <param name="except">The names of attributes that are not copied.</param>
    public void CopyAttributes(IReadOnlyList<string> except) => _nodes[^1].Attribute.Add(node.Attribute.Where(attribute => !except.Contains(attribute.Name)));

    /// <summary>
    /// Adds a constant scalar in the element type of the node's first input and returns its name. If the type is none of float16, float32 and float64, the node
    /// is not replaced.
    /// </summary>
    public string Scalar(float value) => Scalar(value, Type);

    /// <summary>Adds a constant scalar of an element type and returns its name.</summary>
    public string Scalar(float value, DataType? type)
    {
        _isUnknown |= type is not (DataType.Float or DataType.Float16 or DataType.Double);
        var name = scope.FreshName($"{node.Output[0]}_constant");
        scope.AddInitializer(
            type switch
            {
                DataType.Float16 => Tensors.Create(name, [], new[] { (Half)value }),
                DataType.Double => Tensors.Create(name, [], new[] { (double)value }),
                _ => Tensors.Create(name, [], new[] { value }),
            }
        );
        return name;
    }

    /// <summary>Adds a constant vector of int64 numbers and returns its name.</summary>
    public string Integers(params long[] numbers)
    {
        var name = scope.FreshName($"{node.Output[0]}_axes");
        scope.AddInitializer(Tensors.Create(name, [numbers.Length], numbers));
        return name;
    }

    /// <summary>Replaces the node by the collected nodes.</summary>
    /// <param name="results">The values that become the outputs of the node, in their order; an empty name for an output that no node computes.</param>
    /// <returns>Whether the node is replaced: not if the type of one of the scalars is unknown.</returns>
    public bool Replace(params string[] results)
    {
        if (_isUnknown)
            return false;
        foreach (var (index, result) in results.Index())
            if (HasOutput(index))
                Rename(result, node.Output[index]);
        if (_nodes[^1].Name.Length == 0)
            _nodes[^1].Name = node.Name;
        scope.Replace(node, [.. _nodes]);
        return true;
    }

    private void Rename(string value, string name)
    {
        foreach (var added in _nodes)
        {
            Rename(added.Input, value, name);
            Rename(added.Output, value, name);
        }
    }

    private static void Rename(RepeatedField<string> names, string value, string name)
    {
        for (var i = 0; i < names.Count; i++)
            if (names[i] == value)
                names[i] = name;
    }
}
