using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>
/// The values that must be rotated together: the sums that a normalization reads, everything that is added to them, and everything that reads them. The
/// weights and constants at the border of these values absorb the rotation.
/// </summary>
internal sealed class ResidualStream
{
    private readonly Graph _main;
    private readonly ValueSizes _sizes;
    private readonly IReadOnlyDictionary<NodeProto, Normalization> _entrances;
    private readonly RandomRotation _rotation;
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private readonly Queue<string> _open = new();
    private readonly HashSet<NodeProto> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<Normalization> _normalizations = [];
    private readonly List<(Normalization Normalization, WeightedLayer Product)> _readers = [];
    private readonly ConstantChanges _changes;

    private ResidualStream(Graph main, ValueSizes sizes, IReadOnlyDictionary<NodeProto, Normalization> entrances, RandomRotation rotation)
    {
        (_main, _sizes, _entrances, _rotation) = (main, sizes, entrances, rotation);
        _changes = new ConstantChanges(main);
    }

    /// <summary>The names of the values of the stream.</summary>
    public IReadOnlySet<string> Values => _values;

    /// <summary>The number of normalizations that read the values of the stream.</summary>
    public int Normalizations => _normalizations.Count;

    /// <summary>The reason why the values of the stream cannot be rotated; null if they can.</summary>
    public Refusal? Obstacle { get; private set; }

    /// <summary>Finds the values of the stream to which a given value belongs.</summary>
    /// <param name="main">The main graph.</param>
    /// <param name="sizes">The shapes of its values.</param>
    /// <param name="entrances">The normalizations, by the nodes that read their input.</param>
    /// <param name="value">The value.</param>
    /// <param name="rotation">The rotation, with the size of the value's last axis.</param>
    public static ResidualStream Find(
        Graph main,
        ValueSizes sizes,
        IReadOnlyDictionary<NodeProto, Normalization> entrances,
        string value,
        RandomRotation rotation
    )
    {
        var stream = new ResidualStream(main, sizes, entrances, rotation);
        stream.Enqueue(value);
        while (stream.Obstacle is null && stream._open.TryDequeue(out var next))
        {
            stream.LookAtProducer(next);
            stream.LookAtConsumers(next);
        }

        stream.Obstacle ??= stream._changes.WhyNot();
        return stream;
    }

    /// <summary>Rotates the values of the stream. The property <see cref="Obstacle"/> must be null.</summary>
    public void Rotate()
    {
        foreach (var (normalization, product) in _readers)
            if (
                normalization.Shift is { } shift
                && ShiftFolding.Fold(_main, Array.ConvertAll(_main.Constant(shift.Name).ToFloats(), value => (double)value), product) is { } added
                && _values.Contains(added.Output[0])
            )
                _changes.AddVectors(added, 1, Change(0));
        _changes.Write();
        foreach (var normalization in _normalizations)
        {
            if (IsFolded(normalization.Gain))
                Fill(normalization.Gain!, 1);
            if (normalization.Shift is { } shift)
                Fill(shift, 0);
        }
    }

    private void LookAtProducer(string value)
    {
        if (_main.IsOutputAnywhere(value))
            Refuse($"'{value}' is an output of the model");
        else if (_main.Producer(value) is not { } node)
            Refuse($"'{value}' is an input of the model");
        else if (_seen.Add(node) && !LookInside(node) && !LookAtWriter(node))
            Refuse($"no weights of {NodeLabel.Of(node)}, which computes it, can absorb the rotation");
    }

    private void LookAtConsumers(string value)
    {
        foreach (var use in _main.Consumers(value))
        {
            if (!ReferenceEquals(use.Graph, _main))
                Refuse($"{NodeLabel.Of(use.Node)} of a branch reads it");
            else if (_entrances.TryGetValue(use.Node, out var normalization))
                LookAtNormalization(normalization, use.Node);
            else if (!use.Node.Is("Shape") && !(_seen.Add(use.Node) ? LookInside(use.Node) || LookAtReader(value, use.Node) : true))
                Refuse($"no weights of {NodeLabel.Of(use.Node)}, which reads it, can absorb the rotation");
        }
    }

    // Adds the inputs of a node to the residual stream and returns true if the node computes a vector of the stream from other vectors, which then all belong
    // to the stream.
    private bool LookInside(NodeProto node)
    {
        if (IsEmbedding(node))
            return false;
        if (node.Is("Add"))
            return Take(node, 0) && Take(node, 1) && Take(node.Output[0]);
        if (node.Is("Mul") && Enumerable.Range(0, 2).Where(index => IsNumber(node.Input[index])).ToArray() is [var factor])
            return Take(node, 1 - factor) && Take(node.Output[0]);
        return _sizes.MovesVectors(node, _rotation.Size)
            && ValueSizes.Data(node).Select((_, index) => index).ToArray().All(index => Take(node, index))
            && node.Output.All(Take);
    }

    private bool LookAtWriter(NodeProto node)
    {
        if (_entrances.TryGetValue(node, out var skip) && node.Domain == Domains.Microsoft)
        {
            LookAtNormalization(skip, node);
            return true;
        }

        if (IsEmbedding(node))
            return TakeWeights(node, 0, 1);
        if (WeightedOperator.IsLinearProduct(node))
            return TakeProduct(node);
        return node.Is("Transpose") && TakePatches(node);
    }

    private bool LookAtReader(string value, NodeProto node) =>
        Product(value, node) is { } product && TakeWeights(node, product.Operator.WeightInput, product.InputAxis!.Value);

    private void LookAtNormalization(Normalization normalization, NodeProto entrance)
    {
        _seen.Add(entrance);
        if (_normalizations.Contains(normalization, ReferenceEqualityComparer.Instance))
            return;
        _normalizations.Add(normalization);
        if (normalization.Gain is { } gain && !IsVector(gain.Name) || normalization.Shift is { } shift && !IsVector(shift.Name))
            Refuse($"the parameters of {NodeLabel.Of(normalization.Node)} are not constant vectors");
        else if (LookInsideSkip(entrance))
            LookAtNormalized(normalization, normalization.Output);
        else
            Refuse($"the operands of {NodeLabel.Of(entrance)} cannot be rotated");
    }

    // Adds the inputs of a contributed operator such as SkipLayerNormalization to the stream. The operator adds its first two inputs and a bias, and has the
    // sum as an output.
    private bool LookInsideSkip(NodeProto node)
    {
        if (node.Domain != Domains.Microsoft)
            return true;
        var bias = node.OpType == "SkipLayerNormalization" ? 4 : 3;
        return Take(node, 0)
            && Take(node, 1)
            && (node.InputAt(bias).Length == 0 || Take(node, bias))
            && (node.Output.Count < 4 || node.Output[3].Length == 0 || Take(node.Output[3]));
    }

    private void LookAtNormalized(Normalization normalization, string value)
    {
        if (_main.IsOutputAnywhere(value))
            Refuse($"the result of {NodeLabel.Of(normalization.Node)} is an output of the model");
        foreach (var use in _main.Consumers(value))
        {
            if (use.Node.Is("Shape"))
                continue;
            if (ReferenceEquals(use.Graph, _main) && !use.Node.Is("Concat") && _sizes.MovesVectors(use.Node, _rotation.Size))
                foreach (var output in use.Node.Output)
                    LookAtNormalized(normalization, output);
            else if (!ReferenceEquals(use.Graph, _main) || !TakeReader(normalization, value, use.Node))
                Refuse($"{NodeLabel.Of(use.Node)} reads the result of {NodeLabel.Of(normalization.Node)}, and has no weights that can absorb the rotation");
        }
    }

    private bool TakeReader(Normalization normalization, string value, NodeProto node)
    {
        if (Product(value, node) is not { } product || (normalization.Shift is not null && !ShiftFolding.IsPossible(_main, product)))
            return false;
        _readers.Add((normalization, product));
        var gain = IsFolded(normalization.Gain) ? normalization.Gain!.Name : "";
        _changes.AddWeights(node, product.Operator.WeightInput, Change(product.InputAxis!.Value) with { Gain = gain });
        return true;
    }

    // Returns the node as a layer if it multiplies the value with constant weights in two dimensions; otherwise null.
    private WeightedLayer? Product(string value, NodeProto node) =>
        WeightedOperator.IsLinearProduct(node)
        && node.Input[0] == value
        && WeightedOperator.TryMatch(_main, node, out var product, out _)
        && !product.IsInputTransposed
        && product.Weight.Dims.Count == 2
            ? product
            : null;

    private bool TakeProduct(NodeProto node)
    {
        if (!WeightedOperator.TryMatch(_main, node, out var product, out _) || product.Weight.Dims.Count != 2)
            return false;
        return (product.BiasName.Length == 0 || TakeVector(node, product.Operator.BiasInput!.Value))
            && TakeWeights(node, product.Operator.WeightInput, product.OutputAxis!.Value);
    }

    // Matches an embedding of patches whose channels become the last axis: Conv, Reshape or Flatten of the positions, Transpose.
    private bool TakePatches(NodeProto transpose)
    {
        if (
            transpose.GetInts("perm") is not [0, 2, 1]
            || Before(transpose) is not { OpType: "Reshape" or "Flatten" } flat
            || _sizes.Of(flat.Output[0]) is not [_, var channels, _]
            || channels != _rotation.Size
            || Before(flat) is not { } node
            || WeightedOperator.FindLinear(node) is not { Kind: WeightedKind.Convolution } convolution
            || convolution.Groups(node) != 1
            || _sizes.Of(node.Output[0]) is not [_, var own, ..]
            || own != channels
        )
            return false;
        return (node.InputAt(2).Length == 0 || TakeVector(node, 2)) && TakeWeights(node, 1, 0);
    }

    private NodeProto? Before(NodeProto node) =>
        _main.Consumers(node.Input[0]).Count == 1 && !_main.IsOutputAnywhere(node.Input[0]) ? _main.Producer(node.Input[0]) : null;

    private bool IsEmbedding(NodeProto node) =>
        WeightedOperator.Find(node)?.Kind == WeightedKind.Embedding
        && node.GetInt("axis") == 0
        && _main.TryGetConstant(node.Input[0], out var table)
        && table.Dims.Count == 2;

    private bool TakeWeights(NodeProto node, int index, int axis)
    {
        if (!_main.TryGetConstant(node.Input[index], out var weight) || weight.Dims[axis] != _rotation.Size)
            return false;
        _changes.AddWeights(node, index, Change(axis));
        return true;
    }

    private bool Take(NodeProto node, int index) => _main.IsConstant(node.Input[index]) ? TakeVector(node, index) : Take(node.Input[index]);

    private bool Take(string value) => _sizes.Last(value) == _rotation.Size && Enqueue(value);

    private bool TakeVector(NodeProto node, int index)
    {
        if (!_main.TryGetConstant(node.Input[index], out var tensor) || !IsFloat(tensor) || tensor.Dims is not [.., var last] || last != _rotation.Size)
            return false;
        _changes.AddVectors(node, index, Change(0));
        return true;
    }

    private bool Enqueue(string value)
    {
        if (_values.Add(value))
            _open.Enqueue(value);
        return true;
    }

    private VectorChange Change(int axis) => new(axis, 0, _rotation.Size, _rotation);

    private bool IsVector(string name) =>
        _main.TryGetConstant(name, out var tensor) && IsFloat(tensor) && tensor.ElementCount() == _rotation.Size && tensor.Dims[^1] == _rotation.Size;

    private bool IsNumber(string name) => _main.TryGetConstant(name, out var tensor) && tensor.ElementCount() == 1;

    // Returns whether a gain can be folded into the next weights. Gains that are all equal are a single number, which is not folded into the weights.
    private bool IsFolded(ConstantUse? gain)
    {
        if (gain is null)
            return false;
        var values = _main.TryGetConstant(gain.Name, out var tensor) ? tensor.ToFloats() : [];
        return values.Any(value => value != values[0]);
    }

    private void Fill(ConstantUse use, float value)
    {
        var shape = _main.TryGetConstant(use.Name, out var tensor) ? tensor.Dims.ToArray() : [];
        var name = _main.FreshName($"{use.Name}_{(value == 0 ? "zero" : "one")}");
        var values = new float[_rotation.Size];
        Array.Fill(values, value);
        _main.AddInitializer(Tensors.Create(name, shape, values));
        _main.SetInput(use.Node, use.Index, name);
    }

    private static bool IsFloat(TensorProto tensor) => tensor.DataType == (int)TensorProto.Types.DataType.Float;

    private void Refuse(string why) => Obstacle ??= new Refusal(why);
}
