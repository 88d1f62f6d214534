using Google.Protobuf;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Blocks;

/// <summary>
/// The initializers of the storage form: a weight is Reshape((Cast(codes) − Cast(zero points)) · Cast(scales)), which ONNX Runtime computes once, when it loads the model.
/// Signed codes without zero points, unsigned ones with; scales and zero points in float16 where that holds them exactly.
/// </summary>
internal sealed class StoredTensors : IBlockTensors
{
    private readonly StoredLayout _layout;
    private readonly int _bits;
    private readonly TensorProto _codes;
    private readonly TensorProto _scales;
    private readonly TensorProto? _zeroPoints;

    /// <param name="site">The weight.</param>
    /// <param name="layout">How it is cut into blocks.</param>
    /// <param name="weights">Its first codes.</param>
    /// <param name="bits">4 or 8.</param>
    public StoredTensors(WeightSite site, StoredLayout layout, EncodedWeights weights, int bits)
    {
        (_layout, _bits) = (layout, bits);
        var grid = weights.Grid;
        var type = (bits, grid.ZeroPoints is null) switch
        {
            (4, true) => DataType.Int4,
            (4, false) => DataType.Uint4,
            (_, true) => DataType.Int8,
            _ => DataType.Uint8,
        };
        _codes = Tensors.Create(site.Scope.FreshName($"{site.Name}_int{bits}"), type, layout.CodeShape, Pack(weights));
        _scales = Numbers(site.Scope.FreshName($"{site.Name}_scale"), grid.Scales);
        _zeroPoints = grid.ZeroPoints is null ? null : Numbers(site.Scope.FreshName($"{site.Name}_zero_point"), grid.ZeroPoints);
    }

    /// <summary>Replaces the weight.</summary>
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
        var value = Step("Cast", "cast", _codes.Name);
        if (_zeroPoints is not null)
        {
            initializers.Add(_zeroPoints);
            value = Step("Sub", "centred", value, Step("Cast", "zero_point_cast", _zeroPoints.Name));
        }

        value = Step("Mul", "scaled", value, Step("Cast", "scale_cast", _scales.Name));
        if (_layout.IsCut)
        {
            long[] shape = [.. site.Tensor.Dims];
            initializers.Add(Tensors.Create(scope.FreshName($"{site.Name}_shape"), [shape.Length], shape));
            Step("Reshape", "shaped", value, initializers[^1].Name);
        }

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

    private byte[] Pack(EncodedWeights weights) => CodePacking.Pack(
        _layout.Weights.ToMemoryOrder(weights.Codes), weights.Codes.Length, weights.Codes.Length, _bits, flip: weights.Grid.ZeroPoints is null ? 1 << (_bits - 1) : 0);

    // The Cast that follows takes either type.
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
