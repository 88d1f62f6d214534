using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>The nodes from the output of a layer towards the next layer, as far as they were searched.</summary>
internal sealed class SeamPath(Graph scope, FlattenedShapes shapes, LinearLayer producer)
{
    private readonly List<NodeProto> _between = [];
    private readonly List<(NodeProto Node, int Index)> _additions = [];
    private string _value = producer.Node.Output[0];
    private string _activation = producer.Node.Output[0];
    private int _spatial = producer.Spatial;
    private NodeProto? _clip;
    private double _bound = double.PositiveInfinity;
    private string? _reluInput;
    private bool _carriesShifts = true;

    /// <summary>Returns the only reader of the path's last value; null with the reason if there is none or more than one.</summary>
    public ValueUse? Reader(out string? why)
    {
        why = null;
        var uses = scope.Consumers(_value);
        if (scope.IsOutputAnywhere(_value))
            why = "its output is an output of the model";
        else if (uses.Count != 1)
            why = uses.Count == 0 ? "no node reads its output" : $"its output is read {uses.Count} times";
        else if (!ReferenceEquals(uses[0].Graph, scope))
            why = "a subgraph reads its output";
        return why is null ? uses[0] : null;
    }

    /// <summary>Extends the path by a node that scaled channels propagate through. Returns false with the reason if they do not.</summary>
    public bool Pass(ValueUse use, out string? why)
    {
        var node = use.Node;
        why = $"{node.OpType} follows";
        if (!node.IsStandard() || node.Output.Skip(1).Any(output => output.Length > 0))
            return false;
        var passes = node.OpType switch
        {
            "Add" => PassAddition(use),
            _ when use.Index != 0 => false,
            "Identity" or "Dropout" => true,
            "Relu" or "LeakyRelu" or "PRelu" => PassActivation(node),
            "Clip" => PassClip(node),
            "MaxPool" or "AveragePool" or "GlobalAveragePool" or "GlobalMaxPool" => _spatial > 0,
            "Pad" => IsSpatialPadding(node),
            "Flatten" => PassFlatten(node.GetInt("axis", 1) == 1 || shapes.IsFlattening(_value, node.Output[0])),
            "Reshape" or "Squeeze" => PassFlatten(shapes.IsFlattening(_value, node.Output[0])),
            "ReduceMean" => PassMean(node),
            _ => false,
        };
        // Determines whether a constant that is subtracted from the activation propagates through the node. Padding prevents this, because padded elements do
        // not contain the constant. Slopes prevent it, because they change the constant.
        if (node.OpType is "Relu")
            (_reluInput, _carriesShifts) = (_value, _carriesShifts && _reluInput is null);
        else
            _carriesShifts &=
                node.OpType
                    is "Add"
                        or "Identity"
                        or "Dropout"
                        or "MaxPool"
                        or "GlobalAveragePool"
                        or "GlobalMaxPool"
                        or "Flatten"
                        or "Reshape"
                        or "Squeeze"
                        or "ReduceMean";
        _value = node.Output[0];
        _between.Add(node);
        return passes;
    }

    /// <summary>Returns the seam that ends at a layer; null with the reason if the layer's inputs are not the channels.</summary>
    public Seam? End(LinearLayer consumer, out string? why)
    {
        why = null;
        var repeat = consumer.Inputs / producer.Outputs;
        if (_spatial == consumer.Spatial && repeat * producer.Outputs == consumer.Inputs && (repeat == 1 || _spatial == 0 && producer.Spatial > 0))
            return new Seam(producer, consumer, repeat, _activation, _between, _additions, _clip, _bound, _carriesShifts ? _reluInput : null);
        why = "the next layer does not read its channels as inputs";
        return null;
    }

    private bool PassAddition(ValueUse use)
    {
        var other = 1 - use.Index;
        if (_spatial != producer.Spatial || !ChannelConstant.IsDivisible(scope, use.Node.InputAt(other), producer.Outputs, _spatial))
            return false;
        _additions.Add((use.Node, other));
        _activation = use.Node.Output[0];
        return true;
    }

    private bool PassActivation(NodeProto node)
    {
        _activation = node.Output[0];
        return true;
    }

    private bool PassClip(NodeProto node)
    {
        if (
            _clip is not null
            || Bound(node, 1, "min", double.NegativeInfinity) is not 0
            || Bound(node, 2, "max", double.PositiveInfinity) is not { } bound
            || bound <= 0
        )
            return false;
        if (double.IsFinite(bound))
            (_clip, _bound) = (node, bound);
        return PassActivation(node);
    }

    private double? Bound(NodeProto node, int index, string attribute, double fallback)
    {
        if (node.Attribute(attribute) is { } given)
            return given.F;
        if (node.InputAt(index).Length == 0)
            return fallback;
        return scope.TryGetConstant(node.Input[index], out var tensor) && tensor.ElementCount() == 1 ? tensor.ToFloats()[0] : null;
    }

    private bool IsSpatialPadding(NodeProto node)
    {
        if (_spatial == 0 || node.InputAt(3).Length > 0)
            return false;
        if (node.InputAt(2).Length > 0 && !(scope.TryGetConstant(node.Input[2], out var value) && value.ElementCount() == 1 && value.ToFloats()[0] == 0))
            return false;
        var pads = Integers(node, 1, "pads");
        var rank = _spatial + 2;
        return node.GetFloat("value") == 0 && pads?.Length == 2 * rank && pads[0] == 0 && pads[1] == 0 && pads[rank] == 0 && pads[rank + 1] == 0;
    }

    private bool PassMean(NodeProto node)
    {
        var rank = _spatial + 2;
        if (
            _spatial == 0
            || Integers(node, 1, "axes")
                ?.Select(axis => axis < 0 ? axis + rank : axis)
                .Order()
                .SequenceEqual(Enumerable.Range(2, _spatial).Select(axis => (long)axis)) != true
        )
            return false;
        if (node.GetInt("keepdims", 1) == 0)
            _spatial = 0;
        return true;
    }

    private long[]? Integers(NodeProto node, int index, string attribute) =>
        scope.TryGetConstant(node.InputAt(index), out var tensor) && tensor.DataType == (int)TensorProto.Types.DataType.Int64
            ? tensor.Span<long>().ToArray()
            : node.GetInts(attribute);

    private bool PassFlatten(bool isFlattening)
    {
        if (producer.Spatial > 0 && isFlattening)
            _spatial = 0;
        return isFlattening;
    }
}
