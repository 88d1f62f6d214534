using System.Diagnostics.CodeAnalysis;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx;

/// <content>Constants, wherever they live.</content>
public sealed partial class Graph
{
    // From this version on an initializer that is also a graph input is only a default that callers may override.
    private const long OverridableSince = 4;

    /// <summary>
    /// The constant that a value is: an initializer, or a <c>Constant</c> node in any form but the sparse one, here or in an enclosing scope.
    /// An initializer that is also a graph input is a constant up to IR version 3, where all had to be listed, and not after.
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

    /// <summary>Whether the value is a constant: see <see cref="TryGetConstant"/>.</summary>
    public bool IsConstant(string value) => TryGetConstant(value, out _);

    /// <summary>Adds a weight to this scope. Up to IR version 3 the main graph's weights are graph inputs too, so it becomes one.</summary>
    /// <exception cref="ArgumentException">The tensor has no name, or the scope defines the name already.</exception>
    public void AddInitializer(TensorProto tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentException.ThrowIfNullOrEmpty(tensor.Name, nameof(tensor));
        if (_definitions.ContainsKey(tensor.Name))
            throw new ArgumentException($"The graph defines '{Text.Short(tensor.Name)}' already.", nameof(tensor));
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

    /// <summary>Removes a weight of this scope, from the graph inputs too where it is listed there; false when there is none of that name.</summary>
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

    /// <summary>Puts another tensor in the place of a constant, wherever it lives; descriptions of the value follow the tensor's type and shape.</summary>
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
            // Inside a function body the value comes from the call.
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
