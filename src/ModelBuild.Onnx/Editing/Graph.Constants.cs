using System.Diagnostics.CodeAnalysis;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx;

/// <content>Contains the methods for constants in initializers and <c>Constant</c> nodes.</content>
internal sealed partial class Graph
{
    // From this IR version on, an initializer that is also a graph input is a default value that callers may override.
    private const long OverridableSince = 4;

    /// <summary>
    /// Returns the constant of a value: an initializer, or the output of a <c>Constant</c> node in any form except the sparse one, in this or an enclosing
    /// scope. An initializer that is also a graph input is a constant up to IR version 3, which required listing all initializers as inputs, and not in later
    /// versions.
    /// </summary>
    public bool TryGetConstant(string value, [NotNullWhen(true)] out TensorProto? tensor)
    {
        tensor = null;
        if (ScopeOf(value) is not { } scope)
            return false;
        var definition = scope._definitions[value];
        if (definition.Initializer is { } initializer)
            tensor = !definition.IsInput || (scope.Parent is null && Model.Proto.IrVersion < OverridableSince) ? initializer : null;
        else if (definition.Producer is { } node && node.Is("Constant"))
            tensor = ConstantOf(node);
        return tensor is not null;
    }

    /// <summary>Determines whether the value is a constant; see <see cref="TryGetConstant"/>.</summary>
    public bool IsConstant(string value) => TryGetConstant(value, out _);

    /// <summary>Adds an initializer to this scope. Up to IR version 3 it is also added to the inputs of the main graph.</summary>
    /// <exception cref="ArgumentException">The tensor has no name, or the scope already defines the name.</exception>
    public void AddInitializer(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentException.ThrowIfNullOrEmpty(tensor.Name, nameof(tensor));
        if (_definitions.ContainsKey(tensor.Name))
            throw new ArgumentException($"The graph already defines '{Text.Short(tensor.Name)}'.", nameof(tensor));
        Proto.Initializer.Add(tensor);
        var definition = Define(tensor.Name);
        definition.Initializer = tensor;
        if (Parent is not null || Model.Proto.IrVersion >= OverridableSince)
            return;
        var input = new ValueInfoProto { Name = tensor.Name, Type = TypeOf(tensor) };
        Proto.Input.Add(input);
        definition.IsInput = true;
        _infos[tensor.Name] = input;
    }

    /// <summary>
    /// Removes an initializer of this scope, also from the graph inputs; the result is false when the scope has no initializer of that name.
    /// </summary>
    public bool RemoveInitializer(string name)
    {
        if (!_definitions.TryGetValue(name, out var definition) || definition.Initializer is not { } tensor)
            return false;
        RemoveAll(Proto.Initializer, other => ReferenceEquals(other, tensor));
        RemoveAll(Proto.Input, input => input.Name == name);
        RemoveAll(Proto.ValueInfo, info => info.Name == name);
        _infos.Remove(name);
        Undefine(
            name,
            static definition =>
            {
                definition.Initializer = null;
                definition.IsInput = false;
            }
        );
        return true;
    }

    /// <summary>
    /// Replaces the tensor of a constant in an initializer or a node. The declared types of the value are set to the type and shape of the tensor.
    /// </summary>
    /// <exception cref="ArgumentException">The value is not a constant.</exception>
    public void ReplaceConstant(string value, TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!TryGetConstant(value, out var old))
            throw new ArgumentException($"The value '{Text.Short(value)}' is not a constant.", nameof(value));
        var scope = ScopeOf(value)!;
        var definition = scope._definitions[value];
        if (definition.Initializer is not null)
        {
            var initializers = scope.Proto.Initializer;
            for (var i = 0; i < initializers.Count; i++)
                if (ReferenceEquals(initializers[i], old))
                    initializers[i] = definition.Initializer = tensor.Name == value ? tensor : tensor.WithName(value);
        }
        else
        {
            definition.Producer!.Attribute.Clear();
            definition.Producer.SetAttribute("value", tensor);
        }

        scope.Describe(value, tensor);
    }

    private static TensorProto? ConstantOf(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            // The node has no constant value if its attribute refers to an attribute of a function, because the value then comes from the call of the function.
            if (attribute.RefAttrName.Length > 0)
                return null;
            switch (attribute.Name)
            {
                case "value":
                    return attribute.T;
                case "value_float":
                    return Tensors.Create<float>("", [], [attribute.F]);
                case "value_floats":
                    return Tensors.Create<float>("", [attribute.Floats.Count], [.. attribute.Floats]);
                case "value_int":
                    return Tensors.Create<long>("", [], [attribute.I]);
                case "value_ints":
                    return Tensors.Create<long>("", [attribute.Ints.Count], [.. attribute.Ints]);
                case "value_string":
                    return new TensorProto { DataType = (int)DataType.String, StringData = { attribute.S } };
                case "value_strings":
                    return new TensorProto
                    {
                        DataType = (int)DataType.String,
                        Dims = { attribute.Strings.Count },
                        StringData = { attribute.Strings },
                    };
            }
        }

        return null;
    }

    private static void RemoveAll<T>(Google.Protobuf.Collections.RepeatedField<T> items, Predicate<T> match)
    {
        for (var i = items.Count - 1; i >= 0; i--)
            if (match(items[i]))
                items.RemoveAt(i);
    }
}
