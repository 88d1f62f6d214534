using Google.Protobuf;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// The initializers of the storage form: a weight is Reshape((Cast(codes) − Cast(zero points)) · Cast(scales)), which ONNX Runtime computes once when it
/// loads the model. Codes are signed without zero points and unsigned with them. Scales and zero points are float16 if that represents them exactly. Before
/// opset 21 there are no 4-bit integers, and each byte holds two codes, of the first and of the second half of the weight: floor(byte / 16) is one, the
/// remainder the other.
/// </summary>
internal sealed class StoredTensors : IBlockTensors
{
    private readonly StoredLayout _layout;
    private readonly int _bits;
    private readonly bool _inHalves;
    private readonly TensorProto _codes;
    private readonly TensorProto _scales;
    private readonly TensorProto? _zeroPoints;

    /// <param name="site">The weight.</param>
    /// <param name="layout">The division of the weight into blocks.</param>
    /// <param name="weights">The first codes.</param>
    /// <param name="bits">The bits of a code: 4 or 8.</param>
    /// <param name="inHalves">Whether bytes hold two codes each because the model has no 4-bit integers. The number of weights is even in that case.</param>
    public StoredTensors(WeightSite site, StoredLayout layout, EncodedWeights weights, int bits, bool inHalves)
    {
        (_layout, _bits, _inHalves) = (layout, bits, inHalves);
        var grid = weights.Grid;
        var type = CodePacking.ElementType(bits, isSigned: grid.ZeroPoints is null);
        var name = site.Scope.FreshName($"{site.Name}_int{bits}");
        _codes = inHalves ? Tensors.Create(name, [weights.Codes.Length / 2], Pack(weights)) : Tensors.Create(name, type, layout.CodeShape, Pack(weights));
        _scales = Numbers(site.Scope.FreshName($"{site.Name}_scale"), grid.Scales);
        _zeroPoints = grid.ZeroPoints is null ? null : Numbers(site.Scope.FreshName($"{site.Name}_zero_point"), grid.ZeroPoints);
    }

    /// <summary>Replaces the weight by the nodes that compute it from codes, scales and zero points.</summary>
    public void Replace(WeightSite site)
    {
        var scope = site.Scope;
        var nodes = new List<NodeProto>();
        string Step(string op, string hint, params string[] inputs)
        {
            var name = scope.FreshName($"{site.Name}_{hint}");
            nodes.Add(op == "Cast" ? StoredWeights.Cast(inputs[0], name) : Nodes.Create(op, inputs, [name]));
            return name;
        }

        var initializers = new List<TensorProto> { _codes, _scales };
        string Initializer(string hint, Func<string, TensorProto> make)
        {
            initializers.Add(make(scope.FreshName($"{site.Name}_{hint}")));
            return initializers[^1].Name;
        }

        string Shaped(string value, long[] shape) =>
            Step("Reshape", "shaped", value, Initializer("shape", name => Tensors.Create(name, [shape.Length], shape)));

        var value = Step("Cast", "cast", _codes.Name);
        if (_inHalves)
        {
            var sixteen = Initializer("sixteen", name => Tensors.Create<float>(name, [], [16]));
            var second = Step("Floor", "second", Step("Div", "quotient", value, sixteen));
            var first = Step("Sub", "first", value, Step("Mul", "product", second, sixteen));
            value = Shaped(Step("Concat", "codes", first, second), _layout.CodeShape);
            nodes[^2].SetAttribute("axis", 0L);
            if (_zeroPoints is null)
                value = Step("Sub", "centred", value, Initializer("zero_point", name => Tensors.Create<float>(name, [], [8])));
        }

        if (_zeroPoints is not null)
        {
            initializers.Add(_zeroPoints);
            value = Step("Sub", "centred", value, Step("Cast", "zero_point_cast", _zeroPoints.Name));
        }

        value = Step("Mul", "scaled", value, Step("Cast", "scale_cast", _scales.Name));
        if (_layout.IsCut)
            Shaped(value, [.. site.Tensor.Dims]);

        nodes[^1].Output[0] = site.Name;
        StoredWeights.Replace(site, nodes, initializers);
    }

    /// <inheritdoc/>
    public void Write(EncodedWeights weights)
    {
        _codes.RawData = UnsafeByteOperations.UnsafeWrap(Pack(weights));
        Rewrite(_scales, weights.Grid.Scales);
        if (_zeroPoints is not null)
            Rewrite(_zeroPoints, weights.Grid.ZeroPoints!);
    }

    private byte[] Pack(EncodedWeights weights)
    {
        var codes = _layout.Weights.ToMemoryOrder(weights.Unsigned(_bits));
        return _inHalves
            ? CodePacking.PackHalves(codes)
            : CodePacking.Pack(codes, codes.Length, codes.Length, _bits, flip: weights.Grid.ZeroPoints is null ? 1 << (_bits - 1) : 0);
    }

    // Replaces the numbers of a tensor, whose element type may change. The Cast that follows in the graph accepts both types.
    private void Rewrite(TensorProto tensor, float[] values)
    {
        var fresh = Numbers(tensor.Name, values);
        (tensor.DataType, tensor.RawData) = (fresh.DataType, fresh.RawData);
    }

    private TensorProto Numbers(string name, float[] values)
    {
        var ordered = _layout.InScaleOrder(values);
        return ordered.All(value => (float)(Half)value == value)
            ? Tensors.Create(name, _layout.ScaleShape, Array.ConvertAll(ordered, value => (Half)value))
            : Tensors.Create(name, _layout.ScaleShape, ordered);
    }
}
