using Google.Protobuf;
using AttributeType = ModelBuild.Onnx.AttributeProto.Types.AttributeType;

namespace ModelBuild.Onnx;

/// <summary>Creates nodes, and reads and sets their attributes.</summary>
internal static class Nodes
{
    /// <summary>
    /// Creates a node. Attribute values are long, int, bool, float, string, byte[], TensorProto, GraphProto, TypeProto, or a sequence of long, int, float or
    /// string.
    /// </summary>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">The names of the inputs; an empty name stands for an optional input that is left out.</param>
    /// <param name="outputs">The names of the outputs.</param>
    /// <param name="name">The name of the node.</param>
    /// <param name="domain">The domain of the operator; empty for the ONNX domain.</param>
    /// <param name="attributes">The attributes.</param>
    public static NodeProto Create(
        string opType,
        IEnumerable<string> inputs,
        IEnumerable<string> outputs,
        string name = "",
        string domain = "",
        params (string Name, object Value)[] attributes
    )
    {
        var node = new NodeProto { OpType = opType };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        if (name.Length > 0)
            node.Name = name;
        if (domain.Length > 0)
            node.Domain = domain;
        foreach (var (key, value) in attributes)
            node.SetAttribute(key, value);
        return node;
    }

    /// <summary>Determines whether the node has an operator of the ONNX domain with this name.</summary>
    public static bool Is(this NodeProto node, string opType) => node.OpType == opType && node.IsStandard();

    /// <summary>Determines whether the node has the operator with this name in the given domain.</summary>
    public static bool Is(this NodeProto node, string opType, string domain) => node.OpType == opType && node.Domain == domain;

    /// <summary>Determines whether the node's operator belongs to the domain of the ONNX standard.</summary>
    public static bool IsStandard(this NodeProto node) => Domains.IsStandard(node.Domain);

    /// <summary>Returns the name of an input; empty when it is left out or the node has fewer inputs.</summary>
    public static string InputAt(this NodeProto node, int index) => index < node.Input.Count ? node.Input[index] : "";

    /// <summary>Returns the attribute of a node with a given name; null when the node has no attribute of that name.</summary>
    public static AttributeProto? Attribute(this NodeProto node, string name)
    {
        foreach (var attribute in node.Attribute)
            if (attribute.Name == name)
                return attribute;
        return null;
    }

    /// <summary>Returns the value of an integer attribute, or <paramref name="fallback"/> when the node does not have the attribute.</summary>
    public static long GetInt(this NodeProto node, string name, long fallback = 0) => node.Attribute(name) is { HasI: true } attribute ? attribute.I : fallback;

    /// <summary>Returns the value of a float attribute, or <paramref name="fallback"/> when the node does not have the attribute.</summary>
    public static float GetFloat(this NodeProto node, string name, float fallback = 0) =>
        node.Attribute(name) is { HasF: true } attribute ? attribute.F : fallback;

    /// <summary>Returns the value of a string attribute, or <paramref name="fallback"/> when the node does not have the attribute.</summary>
    public static string GetString(this NodeProto node, string name, string fallback = "") =>
        node.Attribute(name) is { HasS: true } attribute ? attribute.S.ToStringUtf8() : fallback;

    /// <summary>Returns an attribute that is a list of integers; null when the node has no attribute of that name.</summary>
    public static long[]? GetInts(this NodeProto node, string name) => node.Attribute(name) is { } attribute ? [.. attribute.Ints] : null;

    /// <summary>Returns an attribute that is a list of floats; null when the node has no attribute of that name.</summary>
    public static float[]? GetFloats(this NodeProto node, string name) => node.Attribute(name) is { } attribute ? [.. attribute.Floats] : null;

    /// <summary>Returns the value of a tensor attribute; null when the node has no attribute of that name.</summary>
    public static TensorProto? GetTensor(this NodeProto node, string name) => node.Attribute(name)?.T;

    /// <summary>Sets an attribute and replaces one of the same name. <see cref="Create"/> lists the possible values.</summary>
    /// <exception cref="ArgumentException">The value has a type that no attribute can have.</exception>
    public static void SetAttribute(this NodeProto node, string name, object value)
    {
        var attribute = Make(name, value);
        for (var i = 0; i < node.Attribute.Count; i++)
        {
            if (node.Attribute[i].Name == name)
            {
                node.Attribute[i] = attribute;
                return;
            }
        }

        node.Attribute.Add(attribute);
    }

    /// <summary>Removes an attribute; the result is false when the node has no attribute of that name.</summary>
    public static bool RemoveAttribute(this NodeProto node, string name)
    {
        for (var i = 0; i < node.Attribute.Count; i++)
        {
            if (node.Attribute[i].Name == name)
            {
                node.Attribute.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    private static AttributeProto Make(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long or int or bool:
                attribute.Type = AttributeType.Int;
                attribute.I = Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case float number:
                attribute.Type = AttributeType.Float;
                attribute.F = number;
                break;
            case string text:
                attribute.Type = AttributeType.String;
                attribute.S = ByteString.CopyFromUtf8(text);
                break;
            case byte[] bytes:
                attribute.Type = AttributeType.String;
                attribute.S = ByteString.CopyFrom(bytes);
                break;
            case TensorProto tensor:
                attribute.Type = AttributeType.Tensor;
                attribute.T = tensor;
                break;
            case GraphProto graph:
                attribute.Type = AttributeType.Graph;
                attribute.G = graph;
                break;
            case TypeProto type:
                attribute.Type = AttributeType.TypeProto;
                attribute.Tp = type;
                break;
            case IEnumerable<long> integers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(integers);
                break;
            case IEnumerable<int> integers:
                attribute.Type = AttributeType.Ints;
                attribute.Ints.AddRange(integers.Select(static i => (long)i));
                break;
            case IEnumerable<float> numbers:
                attribute.Type = AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            case IEnumerable<string> texts:
                attribute.Type = AttributeType.Strings;
                attribute.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            default:
                throw new ArgumentException($"An attribute cannot be a {value?.GetType().Name ?? "null"}.", nameof(value));
        }

        return attribute;
    }
}
